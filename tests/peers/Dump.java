import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.cmc.CMCObjectIdentifiers;
import org.bouncycastle.asn1.cmc.OtherMsg;
import org.bouncycastle.asn1.cmc.PKIData;
import org.bouncycastle.asn1.cmc.PKIResponse;
import org.bouncycastle.asn1.cmc.TaggedAttribute;
import org.bouncycastle.asn1.cmc.TaggedCertificationRequest;
import org.bouncycastle.asn1.cmc.TaggedContentInfo;
import org.bouncycastle.asn1.cmc.TaggedRequest;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.crmf.CertReqMessages;
import org.bouncycastle.asn1.crmf.CertReqMsg;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.util.encoders.Hex;

/** One JSON object about a message: what Bouncy Castle reads in it. */
final class Dump {
    private static final String[] POPS = {"raVerified", "signature", "keyEncipherment", "keyAgreement"};
    private final List<String> members = new ArrayList<>();
    private final List<String> statuses = new ArrayList<>();

    private Dump() {
    }

    static String file(Path path) throws IOException {
        Dump dump = new Dump();
        dump.members.add(member("file", quoted(path.toString())));
        try {
            dump.message(ASN1Primitive.fromByteArray(Files.readAllBytes(path)));
        } catch (IOException | RuntimeException reason) {
            dump.members.add(member("error", quoted(reason.toString())));
        }
        return "{" + String.join(",", dump.members) + "}";
    }

    private void message(ASN1Primitive value) throws IOException {
        ASN1Sequence sequence = ASN1Sequence.getInstance(value);
        if (sequence.getObjectAt(0) instanceof ASN1ObjectIdentifier) {
            contentInfo(ContentInfo.getInstance(sequence));
        } else if (!pkcs10(sequence) && !crmf(sequence)) {
            if (sequence.size() == 4) {
                pkiData(PKIData.getInstance(sequence));
            } else {
                pkiResponse(PKIResponse.getInstance(sequence));
            }
        }
    }

    private void contentInfo(ContentInfo info) throws IOException {
        if (CMSObjectIdentifiers.signedData.equals(info.getContentType())) {
            signedData(SignedData.getInstance(info.getContent()));
        } else if (CMSObjectIdentifiers.data.equals(info.getContentType())) {
            pkiData(PKIData.getInstance(Deep.octets(info.getContent())));
        } else {
            body(info.getContentType(), info.getContent().toASN1Primitive());
        }
    }

    private void body(ASN1ObjectIdentifier type, ASN1Primitive value) throws IOException {
        if (CMCObjectIdentifiers.id_cct_PKIData.equals(type)) {
            pkiData(PKIData.getInstance(value));
        } else if (CMCObjectIdentifiers.id_cct_PKIResponse.equals(type)) {
            pkiResponse(PKIResponse.getInstance(value));
        }
    }

    private void signedData(SignedData data) throws IOException {
        members.add(member("version", data.getVersion().toString()));
        ContentInfo content = data.getEncapContentInfo();
        if (content.getContent() != null && !CMSObjectIdentifiers.data.equals(content.getContentType())) {
            body(content.getContentType(), Deep.octets(content.getContent()));
        }
        members.add(member("certificates", String.valueOf(size(data.getCertificates()))));
        members.add(member("crls", String.valueOf(size(data.getCRLs()))));
        List<String> signers = new ArrayList<>();
        for (ASN1Encodable signer : data.getSignerInfos()) {
            signers.add(signer(SignerInfo.getInstance(signer)));
        }
        members.add(member("signers", array(signers)));
    }

    private static int size(ASN1Set set) {
        return set == null ? 0 : set.size();
    }

    private static String signer(SignerInfo info) {
        ASN1Encodable id = info.getSID().getId();
        String sid;
        if (info.getSID().isTagged()) {
            sid = member("sid", quoted("subjectKeyIdentifier")) + "," + member("ski", quoted(Hex.toHexString(ASN1OctetString.getInstance(id).getOctets())));
        } else {
            sid = member("sid", quoted("issuerAndSerialNumber")) + ","
                + member("serial", quoted(IssuerAndSerialNumber.getInstance(id).getSerialNumber().toString()));
        }
        return "{" + member("version", info.getVersion().toString()) + "," + sid + ","
            + member("digestAlgorithm", quoted(info.getDigestAlgorithm().getAlgorithm().getId())) + ","
            + member("signatureAlgorithm", quoted(info.getDigestEncryptionAlgorithm().getAlgorithm().getId())) + "}";
    }

    private void pkiData(PKIData data) throws IOException {
        List<String> controls = new ArrayList<>();
        List<String> requests = new ArrayList<>();
        List<String> contents = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (TaggedAttribute control : data.getControlSequence()) {
            controls.add(control(control));
        }
        for (TaggedRequest request : data.getReqSequence()) {
            requests.add(request(request));
        }
        for (TaggedContentInfo content : data.getCmsSequence()) {
            contents.add(String.valueOf(content.getBodyPartID().getID()));
        }
        for (OtherMsg other : data.getOtherMsgSequence()) {
            others.add(String.valueOf(other.getBodyPartID().getID()));
        }
        members.add(member("requests", array(requests)));
        sequences(controls, contents, others);
    }

    private void pkiResponse(PKIResponse response) throws IOException {
        List<String> controls = new ArrayList<>();
        List<String> contents = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (ASN1Encodable control : response.getControlSequence()) {
            controls.add(control(TaggedAttribute.getInstance(control)));
        }
        for (ASN1Encodable content : response.getCmsSequence()) {
            contents.add(String.valueOf(TaggedContentInfo.getInstance(content).getBodyPartID().getID()));
        }
        for (ASN1Encodable other : response.getOtherMsgSequence()) {
            others.add(String.valueOf(OtherMsg.getInstance(other).getBodyPartID().getID()));
        }
        sequences(controls, contents, others);
    }

    private void sequences(List<String> controls, List<String> contents, List<String> others) {
        members.add(member("controls", array(controls)));
        members.add(member("cms", array(contents)));
        members.add(member("otherMsgs", array(others)));
        if (!statuses.isEmpty()) {
            members.add(member("status", array(statuses)));
        }
    }

    private String control(TaggedAttribute control) {
        ASN1ObjectIdentifier type = control.getAttrType();
        if (CMCObjectIdentifiers.id_cmc_statusInfo.equals(type) || CMCObjectIdentifiers.id_cmc_statusInfoV2.equals(type)) {
            for (ASN1Encodable value : control.getAttrValues()) {
                statuses.add(status(ASN1Sequence.getInstance(value)));
            }
        }
        return "{" + member("bodyPartID", String.valueOf(control.getBodyPartID().getID())) + "," + member("oid", quoted(type.getId())) + "}";
    }

    private static String status(ASN1Sequence value) {
        List<String> parts = new ArrayList<>();
        parts.add(member("cMCStatus", value.getObjectAt(0).toString()));
        parts.add(member("bodyList", references(ASN1Sequence.getInstance(value.getObjectAt(1)))));
        for (int at = 2; at < value.size(); at++) {
            ASN1Encodable part = value.getObjectAt(at);
            if (part instanceof ASN1UTF8String) {
                parts.add(member("statusString", quoted(((ASN1UTF8String) part).getString())));
            } else if (part instanceof ASN1Integer) {
                parts.add(member("failInfo", part.toString()));
            }
        }
        return "{" + String.join(",", parts) + "}";
    }

    private static String references(ASN1Sequence values) {
        List<String> parts = new ArrayList<>();
        for (ASN1Encodable value : values) {
            parts.add(value instanceof ASN1Sequence ? references((ASN1Sequence) value) : value.toString());
        }
        return array(parts);
    }

    private static String request(TaggedRequest request) throws IOException {
        if (request.getTagNo() == TaggedRequest.CRM) {
            return certReqMsg(CertReqMsg.getInstance(request.getValue()));
        }
        if (request.getTagNo() == TaggedRequest.TCR) {
            ASN1Sequence tagged = ASN1Sequence.getInstance(TaggedCertificationRequest.getInstance(request.getValue()).toASN1Primitive());
            CertificationRequest inner = CertificationRequest.getInstance(tagged.getObjectAt(1));
            return "{" + choice("tcr", tagged.getObjectAt(0).toASN1Primitive().toString()) + ","
                + member("subject", quoted(inner.getCertificationRequestInfo().getSubject().toString())) + "}";
        }
        return "{" + choice("orm", ASN1Sequence.getInstance(request.getValue()).getObjectAt(0).toASN1Primitive().toString()) + "}";
    }

    private static String choice(String name, String number) {
        return member("choice", quoted(name)) + "," + member("id", number);
    }

    // getPopo is the name that all versions know.
    @SuppressWarnings("deprecation")
    private static String certReqMsg(CertReqMsg message) {
        String pop = message.getPopo() == null ? "absent" : POPS[message.getPopo().getType()];
        String text = choice("crm", message.getCertReq().getCertReqId().toString()) + "," + member("pop", quoted(pop));
        if (message.getCertReq().getCertTemplate().getSubject() != null) {
            text += "," + member("subject", quoted(message.getCertReq().getCertTemplate().getSubject().toString()));
        }
        return "{" + text + "}";
    }

    private boolean pkcs10(ASN1Sequence value) {
        try {
            members.add(member("subject", quoted(CertificationRequest.getInstance(value).getCertificationRequestInfo().getSubject().toString())));
            return true;
        } catch (RuntimeException notOne) {
            return false;
        }
    }

    private boolean crmf(ASN1Sequence value) {
        List<String> requests = new ArrayList<>();
        try {
            for (CertReqMsg message : CertReqMessages.getInstance(value).toCertReqMsgArray()) {
                requests.add(certReqMsg(message));
            }
        } catch (RuntimeException notMessages) {
            try {
                requests.clear();
                requests.add(certReqMsg(CertReqMsg.getInstance(value)));
            } catch (RuntimeException notMessage) {
                return false;
            }
        }
        members.add(member("requests", array(requests)));
        return true;
    }

    private static String member(String name, String value) {
        return "\"" + name + "\":" + value;
    }

    private static String array(List<String> values) {
        return "[" + String.join(",", values) + "]";
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char letter : text.toCharArray()) {
            if (letter == '"' || letter == '\\') {
                out.append('\\').append(letter);
            } else if (letter < ' ' || letter > '~') {
                out.append(String.format("\\u%04x", (int) letter));
            } else {
                out.append(letter);
            }
        }
        return out.append('"').toString();
    }
}
