import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.crmf.CertReqMessages;
import org.bouncycastle.asn1.crmf.CertReqMsg;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * What Bouncy Castle says of a file: a line TYPE, FILE, ENCODING (DER, BER or refused), VERDICT (accepted or refused),
 * REASON, separated by tabs.
 */
final class Verdicts {
    private interface Reader {
        void read(byte[] octets, ASN1Primitive value) throws IOException, CMSException;
    }

    private static final Map<String, Reader> READERS = new HashMap<>();

    static {
        READERS.put("ANY", (octets, value) -> { });
        READERS.put("ContentInfo", Verdicts::contentInfo);
        READERS.put("SignedData", (octets, value) -> Deep.signedData(value));
        READERS.put("PKIData", (octets, value) -> Deep.pkiData(value));
        READERS.put("PKIResponse", (octets, value) -> Deep.pkiResponse(value));
        READERS.put("CertificationRequest", (octets, value) -> new PKCS10CertificationRequest(octets));
        READERS.put("Certificate", (octets, value) -> new X509CertificateHolder(octets));
        READERS.put("CertificateList", (octets, value) -> new X509CRLHolder(octets));
        READERS.put("CertReqMessages", (octets, value) -> CertReqMessages.getInstance(value).toCertReqMsgArray());
        READERS.put("CertReqMsg", (octets, value) -> CertReqMsg.getInstance(value).getCertReq());
    }

    private Verdicts() {
    }

    static String file(String type, Path path) throws IOException {
        byte[] octets = Files.readAllBytes(path);
        ASN1Primitive value;
        boolean der;
        try {
            value = ASN1Primitive.fromByteArray(octets);
            // The encoding takes apart what is read on demand only.
            der = Arrays.equals(value.getEncoded(ASN1Encoding.DER), octets);
        } catch (IOException | RuntimeException | StackOverflowError reason) {
            return line(type, path, "refused", "refused", reason);
        }
        Throwable refusal = refusal(type, octets, value);
        return line(type, path, der ? "DER" : "BER", refusal == null ? "accepted" : "refused", refusal);
    }

    private static Throwable refusal(String type, byte[] octets, ASN1Primitive value) {
        try {
            READERS.get(type).read(octets, value);
            return null;
        } catch (IOException | CMSException | RuntimeException | StackOverflowError reason) {
            return reason;
        }
    }

    private static String line(String type, Path path, String encoding, String verdict, Throwable reason) {
        String text = reason == null ? "" : reason.toString().replaceAll("\\s+", " ");
        return String.join("\t", type, path.toString(), encoding, verdict, text);
    }

    private static void contentInfo(byte[] octets, ASN1Primitive value) throws CMSException {
        ContentInfo info = Deep.contentInfo(value);
        if (CMSObjectIdentifiers.signedData.equals(info.getContentType())) {
            CMSSignedData data = new CMSSignedData(octets);
            data.getCertificates();
            data.getCRLs();
            data.getSignerInfos();
        }
    }
}
