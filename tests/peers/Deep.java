import java.util.Enumeration;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.cmc.CMCObjectIdentifiers;
import org.bouncycastle.asn1.cmc.CMCStatusInfo;
import org.bouncycastle.asn1.cmc.CMCStatusInfoV2;
import org.bouncycastle.asn1.cmc.PKIData;
import org.bouncycastle.asn1.cmc.PKIResponse;
import org.bouncycastle.asn1.cmc.TaggedAttribute;
import org.bouncycastle.asn1.cmc.TaggedCertificationRequest;
import org.bouncycastle.asn1.cmc.TaggedContentInfo;
import org.bouncycastle.asn1.cmc.TaggedRequest;
import org.bouncycastle.asn1.cms.AuthEnvelopedData;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.EnvelopedData;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.crmf.CertReqMsg;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.CertificateList;

/** Reads a whole message, down to what Bouncy Castle would else leave unread. */
final class Deep {
    private Deep() {
    }

    static ContentInfo contentInfo(ASN1Primitive value) {
        ContentInfo info = ContentInfo.getInstance(value);
        ASN1ObjectIdentifier type = info.getContentType();
        if (CMSObjectIdentifiers.signedData.equals(type)) {
            signedData(info.getContent().toASN1Primitive());
        } else if (CMSObjectIdentifiers.envelopedData.equals(type)) {
            EnvelopedData.getInstance(info.getContent());
        } else if (CMSObjectIdentifiers.authEnvelopedData.equals(type)) {
            AuthEnvelopedData.getInstance(info.getContent());
        }
        return info;
    }

    static SignedData signedData(ASN1Primitive value) {
        SignedData data = SignedData.getInstance(value);
        readCertificates(data.getCertificates());
        readLists(data.getCRLs());
        for (Enumeration<?> all = data.getSignerInfos().getObjects(); all.hasMoreElements();) {
            SignerInfo.getInstance(all.nextElement());
        }
        content(data.getEncapContentInfo());
        return data;
    }

    /** The PKIData or PKIResponse in the content, or null. */
    static ASN1Encodable content(ContentInfo info) {
        ASN1ObjectIdentifier type = info.getContentType();
        if (info.getContent() == null) {
            return null;
        }
        if (CMCObjectIdentifiers.id_cct_PKIData.equals(type)) {
            return pkiData(octets(info.getContent()));
        }
        return CMCObjectIdentifiers.id_cct_PKIResponse.equals(type) ? pkiResponse(octets(info.getContent())) : null;
    }

    static PKIData pkiData(ASN1Primitive value) {
        PKIData data = PKIData.getInstance(value);
        readControls(data.getControlSequence());
        readRequests(data.getReqSequence());
        readContents(data.getCmsSequence());
        return data;
    }

    static PKIResponse pkiResponse(ASN1Primitive value) {
        PKIResponse response = PKIResponse.getInstance(value);
        for (ASN1Encodable control : response.getControlSequence()) {
            readControl(TaggedAttribute.getInstance(control));
        }
        for (ASN1Encodable contained : response.getCmsSequence()) {
            contentInfo(TaggedContentInfo.getInstance(contained).getContentInfo().toASN1Primitive());
        }
        return response;
    }

    private static void readControls(TaggedAttribute[] controls) {
        for (TaggedAttribute control : controls) {
            readControl(control);
        }
    }

    private static void readRequests(TaggedRequest[] requests) {
        for (TaggedRequest request : requests) {
            if (request.getTagNo() == TaggedRequest.TCR) {
                ASN1Sequence tagged = ASN1Sequence.getInstance(
                    TaggedCertificationRequest.getInstance(request.getValue()).toASN1Primitive());
                CertificationRequest.getInstance(tagged.getObjectAt(1)).getCertificationRequestInfo();
            } else if (request.getTagNo() == TaggedRequest.CRM) {
                CertReqMsg.getInstance(request.getValue()).getCertReq();
            }
        }
    }

    private static void readContents(TaggedContentInfo[] contents) {
        for (TaggedContentInfo contained : contents) {
            contentInfo(contained.getContentInfo().toASN1Primitive());
        }
    }

    private static void readControl(TaggedAttribute control) {
        for (ASN1Encodable value : control.getAttrValues()) {
            if (CMCObjectIdentifiers.id_cmc_statusInfoV2.equals(control.getAttrType())) {
                CMCStatusInfoV2.getInstance(value);
            } else if (CMCObjectIdentifiers.id_cmc_statusInfo.equals(control.getAttrType())) {
                CMCStatusInfo.getInstance(value);
            }
        }
    }

    private static void readCertificates(ASN1Set certificates) {
        if (certificates == null) {
            return;
        }
        for (ASN1Encodable certificate : certificates) {
            if (!(certificate.toASN1Primitive() instanceof ASN1TaggedObject)) {
                Certificate.getInstance(certificate);
            }
        }
    }

    private static void readLists(ASN1Set lists) {
        if (lists == null) {
            return;
        }
        for (ASN1Encodable list : lists) {
            if (!(list.toASN1Primitive() instanceof ASN1TaggedObject)) {
                CertificateList.getInstance(list);
            }
        }
    }

    static ASN1Primitive octets(ASN1Encodable content) {
        try {
            return ASN1Primitive.fromByteArray(ASN1OctetString.getInstance(content).getOctets());
        } catch (java.io.IOException reason) {
            throw new IllegalArgumentException(reason.getMessage(), reason);
        }
    }
}
