import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.cmc.BodyPartID;
import org.bouncycastle.asn1.cmc.CMCObjectIdentifiers;
import org.bouncycastle.asn1.cmc.CMCStatusInfoV2;
import org.bouncycastle.asn1.cmc.IdentityProofV2;
import org.bouncycastle.asn1.cmc.OtherMsg;
import org.bouncycastle.asn1.cmc.PKIData;
import org.bouncycastle.asn1.cmc.PKIResponse;
import org.bouncycastle.asn1.cmc.TaggedAttribute;
import org.bouncycastle.asn1.cmc.TaggedCertificationRequest;
import org.bouncycastle.asn1.cmc.TaggedContentInfo;
import org.bouncycastle.asn1.cmc.TaggedRequest;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.pkcs.Attribute;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.pkcs.CertificationRequestInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;

/**
 * Decodes messages with Bouncy Castle as bench_codec does with the codec, once the JIT compiler has done its work.
 *
 * usage: java DecodeBench NAME=FILE... prints lines "OPERATION/NAME NANOSECONDS", the best of several rounds.
 */
public final class DecodeBench {
    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 15;
    private static final long ROUND_NANOSECONDS = 200_000_000L;

    /** Takes what was decoded, so that none of it can be left out as unused. */
    private static volatile Object sink;

    private DecodeBench() {
    }

    private static void use(Object value) {
        sink = value;
    }

    // --- decode: ContentInfo, SignedData, and PKIData or PKIResponse ---

    private static SignedData decodeOuter(byte[] message) {
        SignedData signedData = SignedData.getInstance(ContentInfo.getInstance(message).getContent());
        for (ASN1Encodable algorithm : signedData.getDigestAlgorithms()) {
            use(AlgorithmIdentifier.getInstance(algorithm));
        }
        for (ASN1Encodable signer : signedData.getSignerInfos()) {
            use(SignerInfo.getInstance(signer));
        }
        return signedData;
    }

    private static Object decodeContent(SignedData signedData) {
        ContentInfo content = signedData.getEncapContentInfo();
        byte[] octets = ASN1OctetString.getInstance(content.getContent()).getOctets();
        if (CMCObjectIdentifiers.id_cct_PKIResponse.equals(content.getContentType())) {
            return decodeResponse(octets);
        }
        PKIData data = PKIData.getInstance(octets);
        use(data.getControlSequence());
        use(data.getReqSequence());
        return data;
    }

    private static Object decode(byte[] message) {
        return decodeContent(decodeOuter(message));
    }

    /** PKIResponse keeps its parts undecoded. */
    private static TaggedAttribute[] decodeResponse(byte[] octets) {
        PKIResponse response = PKIResponse.getInstance(octets);
        for (ASN1Encodable part : response.getCmsSequence()) {
            use(TaggedContentInfo.getInstance(part));
        }
        for (ASN1Encodable part : response.getOtherMsgSequence()) {
            use(OtherMsg.getInstance(part));
        }
        ASN1Sequence controls = response.getControlSequence();
        TaggedAttribute[] decoded = new TaggedAttribute[controls.size()];
        for (int i = 0; i < decoded.length; ++i) {
            decoded[i] = TaggedAttribute.getInstance(controls.getObjectAt(i));
        }
        return decoded;
    }

    // --- decode_all: also controls, requests, certificates and signers down to their attributes ---

    private static Object decodeAll(byte[] message) {
        SignedData signedData = decodeOuter(message);
        Object content = decodeContent(signedData);
        for (ASN1Encodable choice : signedData.getCertificates()) {
            use(Certificate.getInstance(choice));
        }
        for (ASN1Encodable signer : signedData.getSignerInfos()) {
            SignerInfo info = SignerInfo.getInstance(signer);
            use(IssuerAndSerialNumber.getInstance(info.getSID().getId()));
            for (ASN1Encodable attribute : info.getAuthenticatedAttributes()) {
                use(Attribute.getInstance(attribute));
            }
        }
        if (content instanceof TaggedAttribute[]) {
            decodeControls((TaggedAttribute[]) content);
            return content;
        }
        PKIData data = (PKIData) content;
        decodeControls(data.getControlSequence());
        for (TaggedRequest request : data.getReqSequence()) {
            TaggedCertificationRequest tagged = TaggedCertificationRequest.getInstance(request.getValue());
            // There is no getter for the request itself.
            ASN1Sequence members = ASN1Sequence.getInstance(tagged.toASN1Primitive());
            CertificationRequest pkcs10 = CertificationRequest.getInstance(members.getObjectAt(1).toASN1Primitive());
            CertificationRequestInfo info = pkcs10.getCertificationRequestInfo();
            use(BodyPartID.getInstance(members.getObjectAt(0)));
            use(pkcs10.getSignature());
            for (ASN1Encodable attribute : info.getAttributes()) {
                use(Attribute.getInstance(attribute));
            }
        }
        return data;
    }

    private static void decodeControls(TaggedAttribute[] controls) {
        for (TaggedAttribute control : controls) {
            Function<ASN1Encodable, Object> type = CONTROL_TYPES.get(control.getAttrType());
            ASN1Set values = control.getAttrValues();
            if (type != null && values.size() == 1) {
                use(type.apply(values.getObjectAt(0)));
            }
        }
    }

    private static final Map<ASN1ObjectIdentifier, Function<ASN1Encodable, Object>> CONTROL_TYPES = new HashMap<>();

    static {
        CONTROL_TYPES.put(CMCObjectIdentifiers.id_cmc_identification, ASN1UTF8String::getInstance);
        CONTROL_TYPES.put(CMCObjectIdentifiers.id_cmc_identityProofV2, IdentityProofV2::getInstance);
        CONTROL_TYPES.put(CMCObjectIdentifiers.id_cmc_transactionId, ASN1Integer::getInstance);
        CONTROL_TYPES.put(CMCObjectIdentifiers.id_cmc_senderNonce, ASN1OctetString::getInstance);
        CONTROL_TYPES.put(CMCObjectIdentifiers.id_cmc_recipientNonce, ASN1OctetString::getInstance);
        CONTROL_TYPES.put(CMCObjectIdentifiers.id_cmc_regInfo, ASN1OctetString::getInstance);
        CONTROL_TYPES.put(CMCObjectIdentifiers.id_cmc_statusInfoV2, CMCStatusInfoV2::getInstance);
        CONTROL_TYPES.put(CMCObjectIdentifiers.id_cmc_addExtensions, DecodeBench::decodeAddExtensions);
    }

    /** Bouncy Castle has no class for it. */
    private static Object decodeAddExtensions(ASN1Encodable value) {
        ASN1Sequence members = ASN1Sequence.getInstance(value);
        use(BodyPartID.getInstance(members.getObjectAt(0)));
        for (ASN1Encodable reference : ASN1Sequence.getInstance(members.getObjectAt(1))) {
            use(BodyPartID.getInstance(reference));
        }
        for (ASN1Encodable extension : ASN1Sequence.getInstance(members.getObjectAt(2))) {
            use(Extension.getInstance(extension));
        }
        return members;
    }

    // --- Measuring ---

    /** Of this thread, so that other programs count as little as they do for bench_codec; nor does the collector. */
    private static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long repeat(Function<byte[], Object> operation, byte[] message, long times) {
        long start = processorTime();
        for (long i = 0; i < times; ++i) {
            use(operation.apply(message));
        }
        return (processorTime() - start) / times;
    }

    private static long measure(Function<byte[], Object> operation, byte[] message) {
        repeat(operation, message, WARM_UP);
        long times = Math.max(10, ROUND_NANOSECONDS / repeat(operation, message, 10));
        long best = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; ++round) {
            best = Math.min(best, repeat(operation, message, times));
        }
        return best;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, byte[]> messages = new LinkedHashMap<>();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            messages.put(parts[0], Files.readAllBytes(Path.of(parts[1])));
        }
        for (Map.Entry<String, byte[]> message : messages.entrySet()) {
            System.out.println("decode/" + message.getKey() + " " + measure(DecodeBench::decode, message.getValue()));
            System.out.println("decode_all/" + message.getKey() + " "
                + measure(DecodeBench::decodeAll, message.getValue()));
        }
    }
}
