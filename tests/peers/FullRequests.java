import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.cmc.BodyPartID;
import org.bouncycastle.asn1.cmc.BodyPartList;
import org.bouncycastle.asn1.cmc.CMCObjectIdentifiers;
import org.bouncycastle.asn1.cmc.CMCStatusInfoV2;
import org.bouncycastle.asn1.cmc.CertificationRequest;
import org.bouncycastle.asn1.cmc.GetCRL;
import org.bouncycastle.asn1.cmc.GetCert;
import org.bouncycastle.asn1.cmc.IdentityProofV2;
import org.bouncycastle.asn1.cmc.OtherMsg;
import org.bouncycastle.asn1.cmc.PKIData;
import org.bouncycastle.asn1.cmc.PKIResponse;
import org.bouncycastle.asn1.cmc.RevokeRequest;
import org.bouncycastle.asn1.cmc.TaggedAttribute;
import org.bouncycastle.asn1.cmc.TaggedCertificationRequest;
import org.bouncycastle.asn1.cmc.TaggedContentInfo;
import org.bouncycastle.asn1.cmc.TaggedRequest;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.crmf.jcajce.JcaCertificateRequestMessageBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.bouncycastle.util.CollectionStore;

/**
 * Builds Full PKI Requests and reads what a CA answers.
 *
 *   secret OUT SUBJECT NAME SECRET        a first request with identityProofV2, signed with its own key
 *   p10|crmf OUT SUBJECT KEY CERT         a request signed with a certificate; KEY is PKCS #8, EC
 *   revoke OUT KEY CERT                   of the certificate itself
 *   lost OUT CERT PASSPHRASE              the same, signed by nobody
 *   cert|crl OUT KEY CERT                 getCert of the certificate itself, getCRL of its issuer
 *   batch OUT KEY CERT FILE...            these messages
 *   read RESPONSE ROOT OUT                prints what it says, and that signature, certificates and CRLs are the CA's;
 *                                         writes the last certificate that is not the root
 *
 * New keys are written to OUT.key. All files are DER.
 */
final class FullRequests {
    private static final Provider BC = new BouncyCastleProvider();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ASN1ObjectIdentifier BATCH_REQUESTS = CMCObjectIdentifiers.id_cmc_batchRequests;

    private final List<TaggedAttribute> controls = new ArrayList<>();
    private final List<TaggedRequest> requests = new ArrayList<>();
    private final List<TaggedContentInfo> nested = new ArrayList<>();
    private long next = 1;

    public static void main(String[] args) throws Exception {
        Security.addProvider(BC);
        if (args[0].equals("read")) {
            read(bytes(args[1]), new X509CertificateHolder(bytes(args[2])), Path.of(args[3]));
            return;
        }
        Files.write(Path.of(args[1]), new FullRequests().message(args));
    }

    private byte[] message(String[] args) throws Exception {
        switch (args[0]) {
            case "secret":
                return bySecret(args);
            case "p10":
            case "crmf":
                newRequest(args[0], args[2], args[1] + ".key");
                return signed(args[3], args[4]);
            case "revoke":
                revoke(new X509CertificateHolder(bytes(args[3])), null);
                return signed(args[2], args[3]);
            case "lost":
                revoke(new X509CertificateHolder(bytes(args[2])), args[3].getBytes("UTF-8"));
                return data(new CMSSignedDataGenerator());
            case "cert":
            case "crl":
                retrieve(args[0], new X509CertificateHolder(bytes(args[3])));
                return signed(args[2], args[3]);
            default:
                batch(args);
                return signed(args[2], args[3]);
        }
    }

    private static byte[] bytes(String file) throws Exception {
        return Files.readAllBytes(Path.of(file));
    }

    private static byte[] random(int count) {
        byte[] octets = new byte[count];
        RANDOM.nextBytes(octets);
        return octets;
    }

    private BodyPartID id() {
        return new BodyPartID(next++);
    }

    private void control(ASN1ObjectIdentifier type, ASN1Encodable value) {
        controls.add(new TaggedAttribute(id(), type, new DERSet(value)));
    }

    private void transaction() {
        control(CMCObjectIdentifiers.id_cmc_transactionId, new ASN1Integer(new BigInteger(64, RANDOM)));
        control(CMCObjectIdentifiers.id_cmc_senderNonce, new DEROctetString(random(16)));
    }

    private static KeyPair newKey(String file) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
        generator.initialize(new ECGenParameterSpec("P-256"));
        KeyPair pair = generator.generateKeyPair();
        Files.write(Path.of(file), pair.getPrivate().getEncoded());
        return pair;
    }

    private static ContentSigner signer(PrivateKey key) throws Exception {
        return new JcaContentSignerBuilder("SHA256withECDSA").setProvider(BC).build(key);
    }

    private static PKCS10CertificationRequest pkcs10(KeyPair pair, String subject) throws Exception {
        SubjectKeyIdentifier identifier = new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic());
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.subjectKeyIdentifier, false, identifier);
        return new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), pair.getPublic())
            .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
            .build(signer(pair.getPrivate()));
    }

    private void newRequest(String kind, String subject, String keyFile) throws Exception {
        KeyPair pair = newKey(keyFile);
        if (kind.equals("p10")) {
            CertificationRequest request = CertificationRequest.getInstance(pkcs10(pair, subject).getEncoded());
            requests.add(new TaggedRequest(new TaggedCertificationRequest(id(), request)));
        } else {
            requests.add(new TaggedRequest(new JcaCertificateRequestMessageBuilder(BigInteger.valueOf(next++))
                .setPublicKey(pair.getPublic())
                .setSubject(new X500Name(subject))
                .setProofOfPossessionSigningKeySigner(signer(pair.getPrivate()))
                .build().toASN1Structure()));
        }
        transaction();
    }

    private byte[] bySecret(String[] args) throws Exception {
        KeyPair pair = newKey(args[1] + ".key");
        CertificationRequest request = CertificationRequest.getInstance(pkcs10(pair, args[2]).getEncoded());
        requests.add(new TaggedRequest(new TaggedCertificationRequest(id(), request)));
        transaction();
        control(CMCObjectIdentifiers.id_cmc_identification, new DERUTF8String(args[3]));
        byte[] secret = (args[4] + args[3]).getBytes("UTF-8");
        Mac mac = Mac.getInstance("HmacSHA256", BC);
        mac.init(new SecretKeySpec(MessageDigest.getInstance("SHA-256").digest(secret), "HmacSHA256"));
        byte[] witness = mac.doFinal(new DERSequence(requests.toArray(new TaggedRequest[0])).getEncoded("DER"));
        control(CMCObjectIdentifiers.id_cmc_identityProofV2,
            new IdentityProofV2(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256),
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA256), witness));
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        byte[] identifier = new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()).getKeyIdentifier();
        generator.addSignerInfoGenerator(
            new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider(BC).build())
                .build(signer(pair.getPrivate()), identifier));
        return data(generator);
    }

    private void revoke(X509CertificateHolder which, byte[] passphrase) {
        control(CMCObjectIdentifiers.id_cmc_revokeRequest,
            new RevokeRequest(which.getIssuer(), new ASN1Integer(which.getSerialNumber()),
                CRLReason.lookup(CRLReason.keyCompromise), null,
                passphrase == null ? null : new DEROctetString(passphrase), null));
        transaction();
    }

    private void retrieve(String what, X509CertificateHolder certificate) {
        if (what.equals("cert")) {
            control(CMCObjectIdentifiers.id_cmc_getCert,
                new GetCert(new GeneralName(certificate.getIssuer()), certificate.getSerialNumber()));
        } else {
            control(CMCObjectIdentifiers.id_cmc_getCRL, new GetCRL(certificate.getIssuer(), null, null, null));
        }
        transaction();
    }

    private void batch(String[] args) throws Exception {
        List<BodyPartID> parts = new ArrayList<>();
        for (int i = 4; i < args.length; ++i) {
            parts.add(id());
            nested.add(new TaggedContentInfo(parts.get(i - 4), ContentInfo.getInstance(bytes(args[i]))));
        }
        control(BATCH_REQUESTS, new BodyPartList(parts.toArray(new BodyPartID[0])));
        transaction();
    }

    private byte[] signed(String keyFile, String certificateFile) throws Exception {
        PrivateKey key = KeyFactory.getInstance("EC", BC).generatePrivate(new PKCS8EncodedKeySpec(bytes(keyFile)));
        X509CertificateHolder certificate = new X509CertificateHolder(bytes(certificateFile));
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
            new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider(BC).build())
                .build(signer(key), certificate));
        generator.addCertificates(new CollectionStore<>(List.of(certificate)));
        return data(generator);
    }

    private byte[] data(CMSSignedDataGenerator generator) throws Exception {
        byte[] content = new PKIData(controls.toArray(new TaggedAttribute[0]), requests.toArray(new TaggedRequest[0]),
            nested.toArray(new TaggedContentInfo[0]), new OtherMsg[0]).getEncoded("DER");
        return generator.generate(new CMSProcessableByteArray(CMCObjectIdentifiers.id_cct_PKIData, content), true)
            .getEncoded("DER");
    }

    private static void read(byte[] file, X509CertificateHolder root, Path out) throws Exception {
        CMSSignedData message = new CMSSignedData(file);
        ContentVerifierProvider ca = new JcaContentVerifierProviderBuilder().setProvider(BC).build(root);
        for (SignerInformation signer : message.getSignerInfos()) {
            boolean good = signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider(BC).build(root));
            System.out.println("signature: " + good);
        }
        if (message.getSignedContent() != null) {
            statuses(PKIResponse.getInstance(message.getSignedContent().getContent()), root, out);
        }
        for (X509CertificateHolder certificate : message.getCertificates().getMatches(null)) {
            if (certificate.equals(root)) {
                continue;
            }
            boolean good = certificate.isSignatureValid(ca) && certificate.isValidOn(new Date());
            System.out.println("certificate " + certificate.getSubject() + ": " + good);
            Files.write(out, certificate.getEncoded());
        }
        for (X509CRLHolder crl : message.getCRLs().getMatches(null)) {
            System.out.println("CRL of " + crl.getRevokedCertificates().size() + ": " + crl.isSignatureValid(ca));
        }
    }

    // getcMCStatus is the name that all versions know.
    @SuppressWarnings("deprecation")
    private static void statuses(PKIResponse response, X509CertificateHolder root, Path out) throws Exception {
        for (ASN1Encodable element : response.getControlSequence()) {
            TaggedAttribute control = TaggedAttribute.getInstance(element);
            if (control.getAttrType().equals(CMCObjectIdentifiers.id_cmc_statusInfoV2)) {
                CMCStatusInfoV2 status = CMCStatusInfoV2.getInstance(control.getAttrValues().getObjectAt(0));
                ASN1Encodable other = status.hasOtherInfo() ? status.getOtherStatusInfo().toASN1Primitive() : null;
                System.out.println("status " + status.getcMCStatus().toASN1Primitive() + (other == null ? "" : " " + other));
            }
        }
        for (ASN1Encodable element : response.getCmsSequence()) {
            read(TaggedContentInfo.getInstance(element).getContentInfo().getEncoded(), root, out);
        }
    }
}
