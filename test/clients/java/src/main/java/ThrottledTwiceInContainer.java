import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.net.URI;
import java.net.http.*;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

class ThrottledTwiceInContainer {
    public static void main(String[] none) throws Exception {
        try (GenericContainer<?> simulator = new GenericContainer<>("aoai-simulated-api")) {
            simulator.withEnv("SIMULATOR_API_KEY", "key").withExposedPorts(8000).waitingFor(Wait.forHttp("/")).start();
            String address = "http://" + simulator.getHost() + ":" + simulator.getMappedPort(8000);
            String rules = "{\"rules\":[{\"when\":{\"call\":\"1..2\"},\"then\":{\"error\":\"rateLimit\",\"retryAfter\":\"5ms\"}},{\"then\":{\"text\":\"From nine to five.\"}}]}";
            HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/++/sessions"))
                .header("api-key", "key").POST(HttpRequest.BodyPublishers.ofString(rules)).build();
            JsonNode session = new ObjectMapper().readTree(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
            OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(session.get("endpoint").asText() + "/openai/v1").apiKey(session.get("apiKey").asText()).build();
            ChatCompletionCreateParams ask = ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage("Hello").build();
            String said = client.chat().completions().create(ask).choices().get(0).message().content().orElse("");
            if (!said.equals("From nine to five.")) throw new AssertionError(said);
        }
        System.out.println("PASS throttled twice, then answered, in a container");
        System.exit(0);
    }
}
