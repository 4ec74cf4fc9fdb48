import { picture } from '../../generators/picture/picture.ts'
import { toPng } from '../../generators/picture/png.ts'
import type { ResourceOperation } from '../../operation.ts'
import { addressedImage, imageRoute } from './address.ts'
import { wholePlan } from '../parts/whole-plan.ts'

/** The picture that an answer gave the address of. A browser, which has no key, may ask for it. */
export const imageContent: ResourceOperation = {
  scope: 'resource',
  name: 'Images_Content',
  method: 'GET',
  path: imageRoute,
  routes: [{ surface: 'own', template: imageRoute }],
  isOpen: true,
  answer: (call) => {
    const found = addressedImage(call)
    return found === undefined
      ? wholePlan('application/xml', refusal, { status: 403 })
      : wholePlan('image/png', toPng(picture(found.seed, found.size), false))
  },
}

/** As Azure Storage answers to a signature that is wrong or out of date. */
const refusal =
  '\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.</Message></Error>'
