import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.crmf.CRMFObjectIdentifiers;
import org.bouncycastle.asn1.crmf.CertReqMessages;
import org.bouncycastle.asn1.crmf.EncryptedKey;
import org.bouncycastle.asn1.crmf.EncryptedValue;
import org.bouncycastle.asn1.crmf.PKIArchiveOptions;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.cert.crmf.CertificateRequestMessage;
import org.bouncycastle.cert.crmf.Control;
import org.bouncycastle.cert.crmf.EncryptedValueBuilder;
import org.bouncycastle.cert.crmf.EncryptedValueParser;
import org.bouncycastle.cert.crmf.PKIArchiveControl;
import org.bouncycastle.cert.crmf.PKIArchiveControlBuilder;
import org.bouncycastle.cert.crmf.jcajce.JcaCertificateRequestMessageBuilder;
import org.bouncycastle.cert.crmf.jcajce.JceAsymmetricValueDecryptorGenerator;
import org.bouncycastle.cert.crmf.jcajce.JceCRMFEncryptorBuilder;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JceAsymmetricKeyWrapper;

/**
 * Private keys in pkiArchiveOptions.
 *
 *   make FORM CERT REQUEST PKCS8    a CRMF request with its new EC key for the archive; FORM: enveloped, aes or 3des,
 *                                   the latter two EncryptedValue; the key also goes to the file PKCS8
 *   open REQUEST KEY OUT            writes the private key out of an EncryptedValue; KEY is the archive's, RSA. Its
 *                                   keyAlg, which CRMF leaves out and Bouncy Castle wants, is filled in
 */
final class Archives {
    private static final Provider BC = new BouncyCastleProvider();

    public static void main(String[] args) throws Exception {
        Security.addProvider(BC);
        if (args[0].equals("make")) {
            make(args[1], certificate(args[2]), Path.of(args[3]), Path.of(args[4]));
        } else {
            open(Path.of(args[1]), Path.of(args[2]), Path.of(args[3]));
        }
    }

    private static X509Certificate certificate(String file) throws Exception {
        byte[] bytes = Files.readAllBytes(Path.of(file));
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    private static void make(String form, X509Certificate archive, Path request, Path pkcs8) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
        generator.initialize(new ECGenParameterSpec("P-256"));
        KeyPair pair = generator.generateKeyPair();
        PrivateKeyInfo key = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
        CertificateRequestMessage message = new JcaCertificateRequestMessageBuilder(BigInteger.ONE)
            .setPublicKey(pair.getPublic())
            .setSubject(new X500Name("CN=archived"))
            .addControl(form.equals("enveloped") ? enveloped(key, archive) : value(form, key, archive))
            .build();
        Files.write(request, new CertReqMessages(message.toASN1Structure()).getEncoded("DER"));
        Files.write(pkcs8, key.getEncoded("DER"));
    }

    private static Control enveloped(PrivateKeyInfo key, X509Certificate archive) throws Exception {
        return new PKIArchiveControlBuilder(key, new GeneralName(new X500Name("CN=archived")))
            .addRecipientGenerator(new JceKeyTransRecipientInfoGenerator(archive).setProvider(BC))
            .build(new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC).setProvider(BC).build());
    }

    private static Control value(String form, PrivateKeyInfo key, X509Certificate archive) throws Exception {
        ASN1ObjectIdentifier cipher = form.equals("3des") ? CMSAlgorithm.DES_EDE3_CBC : CMSAlgorithm.AES128_CBC;
        EncryptedValue value = new EncryptedValueBuilder(
            new JceAsymmetricKeyWrapper(archive.getPublicKey()).setProvider(BC),
            new JceCRMFEncryptorBuilder(cipher).setProvider(BC).build()).build(key);
        PKIArchiveOptions options = new PKIArchiveOptions(new EncryptedKey(value));
        return new Control() {
            @Override
            public ASN1ObjectIdentifier getType() {
                return CRMFObjectIdentifiers.id_regCtrl_pkiArchiveOptions;
            }

            @Override
            public ASN1Encodable getValue() {
                return options;
            }
        };
    }

    private static void open(Path request, Path pkcs8, Path out) throws Exception {
        CertReqMessages messages = CertReqMessages.getInstance(Files.readAllBytes(request));
        PKIArchiveControl control = (PKIArchiveControl) new CertificateRequestMessage(messages.toCertReqMsgArray()[0])
            .getControl(CRMFObjectIdentifiers.id_regCtrl_pkiArchiveOptions);
        PKIArchiveOptions options = (PKIArchiveOptions) control.getValue();
        EncryptedValue value = (EncryptedValue) EncryptedKey.getInstance(options.getValue()).getValue();
        PrivateKey archive = KeyFactory.getInstance("RSA", BC).generatePrivate(
            new PKCS8EncodedKeySpec(Files.readAllBytes(pkcs8)));
        EncryptedValue named = new EncryptedValue(value.getIntendedAlg(), value.getSymmAlg(), value.getEncSymmKey(),
            new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), null, value.getEncValue());
        PrivateKeyInfo key = new EncryptedValueParser(named).readPrivateKeyInfo(
            new JceAsymmetricValueDecryptorGenerator(archive).setProvider(BC));
        Files.write(out, key.getEncoded("DER"));
    }
}
