/** What is answered to who may not come in. */
import { ApiError, envelope } from '../errors.ts'

/** A wrong or missing key (recorded March 2026). */
export const accessDenied = () =>
  new ApiError(
    401,
    'access',
    envelope({
      code: '401',
      message:
        'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
    }),
  )

/** A bearer token that is not one (quoted by users); a flat envelope, unlike the others. */
export const invalidToken = () =>
  new ApiError(
    401,
    'access',
    '{ "statusCode": 401, "message": "Unauthorized. Access token is missing, invalid, audience is incorrect (https://cognitiveservices.azure.com), or have expired." }',
  )
