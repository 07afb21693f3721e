// Verifies the judge's requests with `oauth-signpost`. It has no verifier: the signature is made again from the parsed request and compared.
// The protocol that every peer speaks stands in foreign.rs.

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import oauth.signpost.OAuth;
import oauth.signpost.http.HttpParameters;
import oauth.signpost.http.HttpRequest;
import oauth.signpost.signature.HmacSha1MessageSigner;

public final class Signpost {
    private static final HmacSha1MessageSigner SIGNER = new HmacSha1MessageSigner();

    public static void main(String[] arguments) throws Exception {
        SIGNER.setConsumerSecret("0123456789abcdefghijklmnopqrstuv");
        SIGNER.setTokenSecret("s3cret00000000000000000000000001");
        Map<String, List<Received>> right = new LinkedHashMap<>();
        Map<String, Boolean> sound = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] field = line.split("\t", -1);
            Received request = new Received(field[2], field[3], field[4], field[5], field[6]);
            boolean isRight = field[1].equals("right");
            if (isRight) right.computeIfAbsent(field[0], shape -> new ArrayList<>()).add(request);
            sound.merge(field[0], verify(request) == isRight, Boolean::logicalAnd);
        }
        StringBuilder greeting = new StringBuilder("Java signpost, JDK " + Runtime.version().feature());
        sound.forEach((shape, good) -> greeting.append(good ? "\t" + shape : ""));
        System.out.println(greeting);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        for (String command; (command = input.readLine()) != null;) {
            String[] field = command.split("\t");
            List<Received> requests = right.get(field[0]);
            long start = System.nanoTime();
            for (int at = 0; at < Integer.parseInt(field[1]); at++) verify(requests.get(at % requests.size()));
            System.out.println(System.nanoTime() - start);
        }
    }

    private static boolean verify(Received request) throws Exception {
        HttpParameters all = new HttpParameters();
        all.putAll(OAuth.oauthHeaderToParamsMap(request.authorization), false);
        String theirs = all.getFirst("oauth_signature", true);
        all.remove("oauth_signature");
        int query = request.url.indexOf('?');
        if (query >= 0) all.putAll(OAuth.decodeForm(request.url.substring(query + 1)), true);
        if (request.getContentType().startsWith(OAuth.FORM_ENCODED)) all.putAll(OAuth.decodeForm(request.getMessagePayload()), true);
        byte[] ours = SIGNER.sign(request, all).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(ours, theirs.getBytes(StandardCharsets.UTF_8));
    }

    /** A request as the library looks at it. */
    private record Received(String method, String url, String authorization, String type, String body) implements HttpRequest {
        @Override public String getMethod() { return method; }
        @Override public String getRequestUrl() { return url; }
        @Override public String getHeader(String name) { return authorization; }
        @Override public Map<String, String> getAllHeaders() { return Map.of("Authorization", authorization); }
        @Override public InputStream getMessagePayload() { return new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)); }
        @Override public String getContentType() { return type; }
        @Override public Object unwrap() { return this; }
        @Override public void setRequestUrl(String other) { throw new UnsupportedOperationException(); }
        @Override public void setHeader(String name, String value) { throw new UnsupportedOperationException(); }
    }
}
