import java.io.ByteArrayInputStream;
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
import java.util.Arrays;

import javax.crypto.spec.SecretKeySpec;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.encoders.Hex;

/**
 * Makes and opens EnvelopedData, AuthEnvelopedData and AuthenticatedData.
 *
 *   make KIND TYPE WHO VALUE CONTENT OUT    KIND: enveloped, auth-enveloped, authenticated; TYPE: an OID
 *   open WHO VALUE MESSAGE OUT
 *
 * WHO is rsa or ec (VALUE: certificate to make, PKCS #8 to open), password (VALUE: the password) or kek (VALUE:
 * the key in hexadecimal, its identifier being "k1"). Bouncy Castle 1.72 opens AuthEnvelopedData with RSA keys only.
 */
final class Envelopes {
    private static final Provider BC = new BouncyCastleProvider();
    private static final byte[] KEK_ID = {'k', '1'};

    public static void main(String[] args) throws Exception {
        Security.addProvider(BC);
        if (args[0].equals("make")) {
            byte[] content = Files.readAllBytes(Path.of(args[5]));
            CMSTypedData data = new CMSProcessableByteArray(new ASN1ObjectIdentifier(args[2]), content);
            Files.write(Path.of(args[6]), make(args[1], data, recipient(args[3], args[4])));
        } else {
            Files.write(Path.of(args[4]), open(args[1], args[2], Files.readAllBytes(Path.of(args[3]))));
        }
    }

    private static RecipientInfoGenerator recipient(String who, String value) throws Exception {
        if (who.equals("password")) {
            return new JcePasswordRecipientInfoGenerator(CMSAlgorithm.AES256_CBC, value.toCharArray())
                .setProvider(BC).setPRF(PasswordRecipient.PRF.HMacSHA256);
        }
        if (who.equals("kek")) {
            return new JceKEKRecipientInfoGenerator(KEK_ID, new SecretKeySpec(Hex.decode(value), "AES")).setProvider(BC);
        }
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509", BC)
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(Path.of(value))));
        if (who.equals("rsa")) {
            return new JceKeyTransRecipientInfoGenerator(certificate).setProvider(BC);
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
        generator.initialize(new ECGenParameterSpec("P-256"));
        KeyPair ephemeral = generator.generateKeyPair();
        return new JceKeyAgreeRecipientInfoGenerator(CMSAlgorithm.ECDH_SHA256KDF, ephemeral.getPrivate(),
            ephemeral.getPublic(), CMSAlgorithm.AES256_WRAP).addRecipient(certificate).setProvider(BC);
    }

    private static byte[] make(String kind, CMSTypedData data, RecipientInfoGenerator recipient) throws Exception {
        if (kind.equals("enveloped")) {
            CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(recipient);
            return generator.generate(data,
                new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_CBC).setProvider(BC).build()).getEncoded();
        }
        if (kind.equals("auth-enveloped")) {
            CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(recipient);
            generator.setAuthenticatedAttributeGenerator(
                new SimpleAttributeTableGenerator(new org.bouncycastle.asn1.cms.AttributeTable(
                    new org.bouncycastle.asn1.cms.Attribute(org.bouncycastle.asn1.cms.CMSAttributes.contentType,
                        new org.bouncycastle.asn1.DERSet(data.getContentType())))));
            return generator.generate(data, (OutputAEADEncryptor)
                new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_GCM).setProvider(BC).build()).getEncoded();
        }
        CMSAuthenticatedDataGenerator generator = new CMSAuthenticatedDataGenerator();
        generator.addRecipientInfoGenerator(recipient);
        return generator.generate(data,
            new JceCMSMacCalculatorBuilder(PKCSObjectIdentifiers.id_hmacWithSHA256).setProvider(BC).build(),
            new JcaDigestCalculatorProviderBuilder().setProvider(BC).build()
                .get(new org.bouncycastle.asn1.x509.AlgorithmIdentifier(
                    org.bouncycastle.asn1.nist.NISTObjectIdentifiers.id_sha256))).getEncoded();
    }

    private static PrivateKey key(String who, String file) throws Exception {
        return KeyFactory.getInstance(who.equals("rsa") ? "RSA" : "EC", BC)
            .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(Path.of(file))));
    }

    private static byte[] open(String who, String value, byte[] message) throws Exception {
        ASN1ObjectIdentifier type = ContentInfo.getInstance(message).getContentType();
        if (type.equals(CMSObjectIdentifiers.envelopedData)) {
            return only(new CMSEnvelopedData(message).getRecipientInfos()).getContent(enveloped(who, value));
        }
        if (type.equals(CMSObjectIdentifiers.authEnvelopedData)) {
            return only(new CMSAuthEnvelopedData(message).getRecipientInfos()).getContent(
                new JceKeyTransAuthEnvelopedRecipient(key(who, value)).setProvider(BC));
        }
        CMSAuthenticatedData data = new CMSAuthenticatedData(message, new JcaDigestCalculatorProviderBuilder()
            .setProvider(BC).build());
        RecipientInformation information = only(data.getRecipientInfos());
        byte[] content = information.getContent(authenticated(who, value));
        if (!Arrays.equals(data.getMac(), information.getMac())) {
            throw new IllegalStateException("the MAC is wrong");
        }
        if (data.getAuthAttrs() != null && !Arrays.equals(information.getContentDigest(),
                org.bouncycastle.asn1.ASN1OctetString.getInstance(data.getAuthAttrs()
                    .get(org.bouncycastle.asn1.cms.CMSAttributes.messageDigest).getAttrValues().getObjectAt(0)).getOctets())) {
            throw new IllegalStateException("the digest is wrong");
        }
        return content;
    }

    private static RecipientInformation only(RecipientInformationStore store) {
        return store.getRecipients().iterator().next();
    }

    private static Recipient enveloped(String who, String value) throws Exception {
        switch (who) {
            case "password": return new JcePasswordEnvelopedRecipient(value.toCharArray()).setProvider(BC);
            case "kek": return new JceKEKEnvelopedRecipient(new SecretKeySpec(Hex.decode(value), "AES")).setProvider(BC);
            case "rsa": return new JceKeyTransEnvelopedRecipient(key(who, value)).setProvider(BC);
            default: return new JceKeyAgreeEnvelopedRecipient(key(who, value)).setProvider(BC);
        }
    }

    private static Recipient authenticated(String who, String value) throws Exception {
        switch (who) {
            case "password": return new JcePasswordAuthenticatedRecipient(value.toCharArray()).setProvider(BC);
            case "kek": return new JceKEKAuthenticatedRecipient(new SecretKeySpec(Hex.decode(value), "AES")).setProvider(BC);
            case "rsa": return new JceKeyTransAuthenticatedRecipient(key(who, value)).setProvider(BC);
            default: return new JceKeyAgreeAuthenticatedRecipient(key(who, value)).setProvider(BC);
        }
    }
}
