import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cmc.*;
import org.bouncycastle.asn1.cms.*;
import org.bouncycastle.asn1.crmf.*;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PBMAC1Params;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.AttributeCertificate;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;

/** The Bouncy Castle class for each ASN.1 type name. */
final class Types {
    private static final Map<String, Function<ASN1Primitive, ASN1Encodable>> CLASSES = new HashMap<>();

    private Types() {
    }

    /** Whether there is a class for the type; without one the bare ASN.1 value is used. */
    static boolean known(String type) {
        return CLASSES.containsKey(type);
    }

    /** Reads the value as the type; a RuntimeException tells that it is refused. */
    static ASN1Encodable read(String type, ASN1Primitive value) {
        Function<ASN1Primitive, ASN1Encodable> reader = CLASSES.get(type);
        return reader == null ? value : reader.apply(value);
    }

    static {
        cms();
        cmc();
        crmf();
        pkix();
    }

    private static void cms() {
        CLASSES.put("ContentInfo", Deep::contentInfo);
        CLASSES.put("SignedData", Deep::signedData);
        CLASSES.put("EnvelopedData", EnvelopedData::getInstance);
        CLASSES.put("AuthEnvelopedData", AuthEnvelopedData::getInstance);
        CLASSES.put("AuthenticatedData", AuthenticatedData::getInstance);
        CLASSES.put("EncryptedData", EncryptedData::getInstance);
        CLASSES.put("DigestedData", DigestedData::getInstance);
        CLASSES.put("CompressedData", CompressedData::getInstance);
        CLASSES.put("EncryptedContentInfo", EncryptedContentInfo::getInstance);
        CLASSES.put("EncapsulatedContentInfo", org.bouncycastle.asn1.cms.ContentInfo::getInstance);
        CLASSES.put("SignerInfo", SignerInfo::getInstance);
        CLASSES.put("SignerIdentifier", SignerIdentifier::getInstance);
        CLASSES.put("RecipientInfo", RecipientInfo::getInstance);
        CLASSES.put("KeyTransRecipientInfo", KeyTransRecipientInfo::getInstance);
        CLASSES.put("KeyAgreeRecipientInfo", KeyAgreeRecipientInfo::getInstance);
        CLASSES.put("KEKRecipientInfo", KEKRecipientInfo::getInstance);
        CLASSES.put("PasswordRecipientInfo", PasswordRecipientInfo::getInstance);
        CLASSES.put("OtherRecipientInfo", OtherRecipientInfo::getInstance);
        CLASSES.put("OriginatorInfo", OriginatorInfo::getInstance);
        CLASSES.put("IssuerAndSerialNumber", IssuerAndSerialNumber::getInstance);
        CLASSES.put("CMSAlgorithmProtection", CMSAlgorithmProtection::getInstance);
        CLASSES.put("Attribute", org.bouncycastle.asn1.cms.Attribute::getInstance);
        CLASSES.put("Attributes", Attributes::getInstance);
        CLASSES.put("GCMParameters", GCMParameters::getInstance);
        CLASSES.put("CCMParameters", CCMParameters::getInstance);
    }

    private static void cmc() {
        CLASSES.put("PKIData", Deep::pkiData);
        CLASSES.put("PKIResponse", Deep::pkiResponse);
        CLASSES.put("TaggedAttribute", TaggedAttribute::getInstance);
        CLASSES.put("TaggedRequest", TaggedRequest::getInstance);
        CLASSES.put("TaggedCertificationRequest", TaggedCertificationRequest::getInstance);
        CLASSES.put("TaggedContentInfo", TaggedContentInfo::getInstance);
        CLASSES.put("OtherMsg", OtherMsg::getInstance);
        CLASSES.put("CMCStatusInfo", CMCStatusInfo::getInstance);
        CLASSES.put("CMCStatusInfoV2", CMCStatusInfoV2::getInstance);
        CLASSES.put("PendInfo", PendInfo::getInstance);
        CLASSES.put("AddExtensions", value -> value);
        CLASSES.put("EncryptedPOP", EncryptedPOP::getInstance);
        CLASSES.put("DecryptedPOP", DecryptedPOP::getInstance);
        CLASSES.put("LraPopWitness", LraPopWitness::getInstance);
        CLASSES.put("GetCert", GetCert::getInstance);
        CLASSES.put("GetCRL", GetCRL::getInstance);
        CLASSES.put("RevokeRequest", RevokeRequest::getInstance);
        CLASSES.put("IdentityProofV2", IdentityProofV2::getInstance);
        CLASSES.put("PopLinkWitnessV2", PopLinkWitnessV2::getInstance);
        CLASSES.put("PublishTrustAnchors", PublishTrustAnchors::getInstance);
        CLASSES.put("ModCertTemplate", ModCertTemplate::getInstance);
        CLASSES.put("ControlsProcessed", ControlsProcessed::getInstance);
        CLASSES.put("BodyPartID", BodyPartID::getInstance);
        CLASSES.put("BodyPartList", BodyPartList::getInstance);
        CLASSES.put("BodyPartPath", BodyPartPath::getInstance);
        CLASSES.put("BodyPartReference", BodyPartReference::getInstance);
        CLASSES.put("CMCPublicationInfo", CMCPublicationInfo::getInstance);
        CLASSES.put("CMCUnsignedData", CMCUnsignedData::getInstance);
        CLASSES.put("ExtensionReq", ExtensionReq::getInstance);
    }

    private static void crmf() {
        CLASSES.put("CertReqMessages", CertReqMessages::getInstance);
        CLASSES.put("CertReqMsg", CertReqMsg::getInstance);
        CLASSES.put("CertRequest", CertRequest::getInstance);
        CLASSES.put("CertTemplate", CertTemplate::getInstance);
        CLASSES.put("OptionalValidity", OptionalValidity::getInstance);
        CLASSES.put("ProofOfPossession", ProofOfPossession::getInstance);
        CLASSES.put("POPOSigningKey", POPOSigningKey::getInstance);
        CLASSES.put("POPOSigningKeyInput", POPOSigningKeyInput::getInstance);
        CLASSES.put("POPOPrivKey", POPOPrivKey::getInstance);
        CLASSES.put("PKIArchiveOptions", PKIArchiveOptions::getInstance);
        CLASSES.put("EncryptedKey", EncryptedKey::getInstance);
        CLASSES.put("EncryptedValue", EncryptedValue::getInstance);
        CLASSES.put("EncKeyWithID", EncKeyWithID::getInstance);
        CLASSES.put("CertId", CertId::getInstance);
        CLASSES.put("PKIPublicationInfo", PKIPublicationInfo::getInstance);
        CLASSES.put("SinglePubInfo", SinglePubInfo::getInstance);
        CLASSES.put("PKMACValue", PKMACValue::getInstance);
        CLASSES.put("DhSigStatic", DhSigStatic::getInstance);
        CLASSES.put("Controls", Controls::getInstance);
        CLASSES.put("AttributeTypeAndValue", org.bouncycastle.asn1.crmf.AttributeTypeAndValue::getInstance);
        CLASSES.put("PBMParameter", org.bouncycastle.asn1.cmp.PBMParameter::getInstance);
    }

    private static void pkix() {
        CLASSES.put("CertificationRequest", org.bouncycastle.asn1.pkcs.CertificationRequest::getInstance);
        CLASSES.put("CertificationRequestInfo", org.bouncycastle.asn1.pkcs.CertificationRequestInfo::getInstance);
        CLASSES.put("PrivateKeyInfo", PrivateKeyInfo::getInstance);
        CLASSES.put("RSASSA-PSS-params", RSASSAPSSparams::getInstance);
        CLASSES.put("RSAES-OAEP-params", RSAESOAEPparams::getInstance);
        CLASSES.put("PBKDF2-params", PBKDF2Params::getInstance);
        CLASSES.put("PBES2-params", PBES2Parameters::getInstance);
        CLASSES.put("PBMAC1-params", PBMAC1Params::getInstance);
        CLASSES.put("PFX", org.bouncycastle.asn1.pkcs.Pfx::getInstance);
        CLASSES.put("DigestInfo", org.bouncycastle.asn1.x509.DigestInfo::getInstance);
        CLASSES.put("MacData", org.bouncycastle.asn1.pkcs.MacData::getInstance);
        CLASSES.put("AuthenticatedSafe", org.bouncycastle.asn1.pkcs.AuthenticatedSafe::getInstance);
        CLASSES.put("SafeBag", org.bouncycastle.asn1.pkcs.SafeBag::getInstance);
        CLASSES.put("CertBag", org.bouncycastle.asn1.pkcs.CertBag::getInstance);
        CLASSES.put("Pkcs-12PbeParams", org.bouncycastle.asn1.pkcs.PKCS12PBEParams::getInstance);
        CLASSES.put("EncryptedPrivateKeyInfo", org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo::getInstance);
        CLASSES.put("Certificate", Certificate::getInstance);
        CLASSES.put("TBSCertificate", TBSCertificate::getInstance);
        CLASSES.put("CertificateList", CertificateList::getInstance);
        CLASSES.put("AttributeCertificate", AttributeCertificate::getInstance);
        CLASSES.put("AlgorithmIdentifier", AlgorithmIdentifier::getInstance);
        CLASSES.put("SubjectPublicKeyInfo", SubjectPublicKeyInfo::getInstance);
        CLASSES.put("Extension", Types::extension);
        CLASSES.put("Extensions", Extensions::getInstance);
        CLASSES.put("GeneralName", GeneralName::getInstance);
        CLASSES.put("GeneralNames", GeneralNames::getInstance);
        CLASSES.put("Name", X500Name::getInstance);
    }

    private static ASN1Encodable extension(ASN1Primitive value) {
        return Extension.getInstance(value);
    }
}
