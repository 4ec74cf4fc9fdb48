import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.net.URI;
import java.net.http.*;
import java.util.*;

class ThrottledTwice {
    static Process simulator;

    static String start() throws Exception {
        String command = Objects.requireNonNullElse(System.getenv("AOAI_SIMULATOR_COMMAND"), "npx --yes aoai-simulated-api");
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of("start", "--port", "0", "--key", "key", "--no-latency"));
        simulator = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        for (String line : (Iterable<String>) simulator.inputReader().lines()::iterator)
            if (line.contains("Endpoint: ")) return line.substring(line.indexOf("http"));
        throw new AssertionError("the simulator did not start");
    }

    public static void main(String[] none) throws Exception {
        String address = start();
        String rules = "{\"rules\":[{\"when\":{\"call\":\"1..2\"},\"then\":{\"error\":\"rateLimit\",\"retryAfter\":\"5ms\"}},{\"then\":{\"text\":\"From nine to five.\"}}]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/++/sessions"))
            .header("api-key", "key").POST(HttpRequest.BodyPublishers.ofString(rules)).build();
        JsonNode session = new ObjectMapper().readTree(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
        OpenAIClient client = OpenAIOkHttpClient.builder()
            .baseUrl(session.get("endpoint").asText() + "/openai/v1").apiKey(session.get("apiKey").asText()).build();
        ChatCompletionCreateParams ask = ChatCompletionCreateParams.builder().model("gpt-4o").addUserMessage("Hello").build();
        String said = client.chat().completions().create(ask).choices().get(0).message().content().orElse("");
        simulator.destroy();
        if (!said.equals("From nine to five.")) throw new AssertionError(said);
        System.out.println("PASS throttled twice, then answered");
        System.exit(0);
    }
}
