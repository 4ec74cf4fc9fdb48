import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Asks what the verdict is given on, with the retries that openai-java has by itself. */
public final class AskForVerdict {
    private static ChatCompletionCreateParams params(String question, long tokens) {
        return ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage(question).maxCompletionTokens(tokens).build();
    }

    private static String[] list(String name) {
        return Pattern.compile("\"([^\"]*)\"").matcher(System.getenv(name)).results().map(found -> found.group(1)).toArray(String[]::new);
    }

    public static void main(String[] arguments) throws InterruptedException {
        OpenAIClient client = OpenAIOkHttpClient.builder()
            .baseUrl(System.getenv("VERDICT_ENDPOINT") + "/openai/v1")
            .apiKey(System.getenv("VERDICT_KEY"))
            .build();
        for (String question : list("VERDICT_EASY")) client.chat().completions().create(params(question, 5));
        ExecutorService pool = Executors.newFixedThreadPool(50);
        for (String question : list("VERDICT_QUESTIONS")) {
            pool.submit(() -> {
                try {
                    client.chat().completions().create(params(question, 5));
                } catch (OpenAIException refused) {
                    // What is refused for good is an error, as it should be.
                }
            });
        }
        for (String question : list("VERDICT_STREAMED")) {
            pool.submit(() -> {
                try (StreamResponse<ChatCompletionChunk> stream = client.chat().completions().createStreaming(params(question, 20))) {
                    stream.stream().forEach(chunk -> {});
                }
            });
        }
        pool.shutdown();
        pool.awaitTermination(60, TimeUnit.SECONDS);
        System.out.println("PASS");
        System.exit(0);
    }
}
