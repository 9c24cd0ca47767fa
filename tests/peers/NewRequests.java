import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.spec.PKCS8EncodedKeySpec;

import org.bouncycastle.asn1.crmf.CRMFObjectIdentifiers;
import org.bouncycastle.asn1.crmf.CertReqMessages;
import org.bouncycastle.asn1.crmf.EncKeyWithID;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.crmf.CertificateRequestMessage;
import org.bouncycastle.cert.crmf.PKIArchiveControl;
import org.bouncycastle.cert.crmf.PKMACBuilder;
import org.bouncycastle.cert.crmf.jcajce.JcePKMACValuesCalculator;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * Verifies new requests and opens what is archived with them.
 *
 *   p10 FILE                prints "subject: true" or "subject: false"
 *   crmf FILE [PASSWORD]    the same for the signature of a CRMF request, and for its publicKeyMAC
 *   archive FILE KIND PKCS8 OUT    KIND: RSA or EC; writes the private key out of EnvelopedData, prints its identifier
 */
final class NewRequests {
    private static final Provider BC = new BouncyCastleProvider();

    public static void main(String[] args) throws Exception {
        Security.addProvider(BC);
        byte[] file = Files.readAllBytes(Path.of(args[1]));
        if (args[0].equals("p10")) {
            PKCS10CertificationRequest request = new PKCS10CertificationRequest(file);
            boolean valid = request.isSignatureValid(verifier(request.getSubjectPublicKeyInfo()));
            System.out.println(request.getSubject() + ": " + valid);
            return;
        }
        CertificateRequestMessage request = new CertificateRequestMessage(CertReqMessages.getInstance(file).toCertReqMsgArray()[0]);
        if (args[0].equals("crmf")) {
            System.out.println(request.getCertTemplate().getSubject() + ": " + proven(request, args));
        } else {
            EncKeyWithID key = open(request, args[2], Files.readAllBytes(Path.of(args[3])));
            Files.write(Path.of(args[4]), key.getPrivateKey().getEncoded("DER"));
            System.out.println(key.hasIdentifier() ? key.getIdentifier() : "");
        }
    }

    private static ContentVerifierProvider verifier(SubjectPublicKeyInfo key) throws Exception {
        return new JcaContentVerifierProviderBuilder().setProvider(BC).build(key);
    }

    private static boolean proven(CertificateRequestMessage request, String[] args) throws Exception {
        ContentVerifierProvider verifier = verifier(request.getCertTemplate().getPublicKey());
        if (args.length < 3) {
            return request.isValidSigningKeyPOP(verifier);
        }
        PKMACBuilder mac = new PKMACBuilder(new JcePKMACValuesCalculator().setProvider(BC));
        return request.isValidSigningKeyPOP(verifier, mac, args[2].toCharArray());
    }

    private static EncKeyWithID open(CertificateRequestMessage request, String kind, byte[] pkcs8) throws Exception {
        PrivateKey key = KeyFactory.getInstance(kind, BC).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        PKIArchiveControl control =
            (PKIArchiveControl) request.getControl(CRMFObjectIdentifiers.id_regCtrl_pkiArchiveOptions);
        CMSEnvelopedData enveloped = control.getEnvelopedData();
        RecipientInformation recipient = enveloped.getRecipientInfos().getRecipients().iterator().next();
        byte[] content = kind.equals("RSA")
            ? recipient.getContent(new JceKeyTransEnvelopedRecipient(key).setProvider(BC))
            : recipient.getContent(new JceKeyAgreeEnvelopedRecipient(key).setProvider(BC));
        return EncKeyWithID.getInstance(content);
    }
}
