import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Primitive;

/**
 * Judges re-encoded values with Bouncy Castle.
 *
 * <pre>
 * Judge [MANIFEST.tsv]   lines TYPE, ORIGINAL, REENCODED, separated by tabs; standard input without a name
 * Judge dump FILE...     one JSON object a line about each message
 * Judge verdicts LIST    lines TYPE, FILE; a line of Verdicts about each
 * </pre>
 */
public final class Judge {
    private int passed;
    private int failed;

    private Judge() {
    }

    public static void main(String[] args) throws IOException {
        if (args.length > 0 && args[0].equals("dump")) {
            for (int at = 1; at < args.length; at++) {
                System.out.println(Dump.file(Path.of(args[at])));
            }
            return;
        }
        if (args.length == 2 && args[0].equals("verdicts")) {
            for (String line : Files.readAllLines(Path.of(args[1]))) {
                String[] fields = line.split("\t");
                System.out.println(Verdicts.file(fields[0], Path.of(fields[1])));
            }
            return;
        }
        InputStream manifest = args.length > 0 ? Files.newInputStream(Path.of(args[0])) : System.in;
        Judge judge = new Judge();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(manifest, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    judge.row(line.split("\t"));
                }
            }
        }
        System.out.println(judge.passed + " passed, " + judge.failed + " failed");
        System.exit(judge.failed == 0 ? 0 : 1);
    }

    private void row(String[] fields) {
        String reason;
        try {
            reason = fields.length == 3 ? verdict(fields[0], read(fields[1]), read(fields[2])) : "manifest line needs three fields";
        } catch (IOException | RuntimeException problem) {
            reason = problem.toString();
        }
        if (reason == null) {
            passed++;
        } else {
            failed++;
            System.out.println(fields[0] + " " + fields[fields.length - 1] + ": " + reason);
        }
    }

    private static byte[] read(String name) throws IOException {
        return Files.readAllBytes(Path.of(name));
    }

    /** Null when the re-encoded value is good, else the reason why not. */
    private static String verdict(String type, byte[] before, byte[] after) throws IOException {
        ASN1Primitive original = parse(before, "original");
        ASN1Primitive encoded = parse(after, "re-encoded");
        String refused = refusal(type, encoded);
        if (refused != null && refusal(type, original) == null) {
            return "Bouncy Castle takes the original and refuses the re-encoded one: " + refused;
        }
        if (!Arrays.equals(Normal.der(encoded), after)) {
            return "not DER, first difference at " + Arrays.mismatch(Normal.der(encoded), after);
        }
        return same(type, original, encoded, refused == null) ? null : "another value than the original";
    }

    private static ASN1Primitive parse(byte[] octets, String which) throws IOException {
        try {
            return ASN1Primitive.fromByteArray(octets);
        } catch (IOException | RuntimeException reason) {
            throw new IOException(which + " does not parse: " + reason.getMessage(), reason);
        }
    }

    /** Null when the class of the type takes the value, else what it says. */
    private static String refusal(String type, ASN1Primitive value) throws IOException {
        try {
            Normal.der(Types.read(type, value));
            return null;
        } catch (RuntimeException reason) {
            return reason.toString();
        }
    }

    private static boolean same(String type, ASN1Primitive original, ASN1Primitive encoded, boolean readable) throws IOException {
        if (Arrays.equals(Normal.der(original), Normal.der(encoded)) || Normal.text(original).equals(Normal.text(encoded))) {
            return true;
        }
        return readable && Arrays.equals(Normal.der(read(type, original)), Normal.der(read(type, encoded)));
    }

    private static ASN1Encodable read(String type, ASN1Primitive value) {
        return Types.read(type, value);
    }
}
