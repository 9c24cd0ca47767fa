import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.bouncycastle.asn1.cmc.CMCObjectIdentifiers;
import org.bouncycastle.asn1.cmc.EncryptedPOP;
import org.bouncycastle.asn1.cmc.PKIResponse;
import org.bouncycastle.asn1.cmc.TaggedAttribute;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.util.encoders.Hex;

/**
 * Answers the challenge of a Full PKI Response: RSA or EC, PKCS #8 of the key, the response. Prints thePOP, HMAC with
 * SHA-256 keyed with the decrypted value over the TaggedRequest; exits with 1 when the witness is wrong.
 */
final class Challenges {
    private static final Provider BC = new BouncyCastleProvider();

    public static void main(String[] args) throws Exception {
        Security.addProvider(BC);
        PrivateKey key = KeyFactory.getInstance(args[0], BC)
            .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(Path.of(args[1]))));
        CMSSignedData signed = new CMSSignedData(Files.readAllBytes(Path.of(args[2])));
        PKIResponse response = PKIResponse.getInstance(signed.getSignedContent().getContent());
        for (int i = 0; i < response.getControlSequence().size(); ++i) {
            TaggedAttribute control = TaggedAttribute.getInstance(response.getControlSequence().getObjectAt(i));
            if (control.getAttrType().equals(CMCObjectIdentifiers.id_cmc_encryptedPOP)) {
                answer(EncryptedPOP.getInstance(control.getAttrValues().getObjectAt(0)), args[0], key);
            }
        }
    }

    private static void answer(EncryptedPOP challenge, String kind, PrivateKey key) throws Exception {
        CMSEnvelopedData enveloped = new CMSEnvelopedData(challenge.getCms().getEncoded());
        RecipientInformation recipient = enveloped.getRecipientInfos().getRecipients().iterator().next();
        Recipient opener = kind.equals("RSA") ? new JceKeyTransEnvelopedRecipient(key).setProvider(BC)
            : new JceKeyAgreeEnvelopedRecipient(key).setProvider(BC);
        byte[] value = recipient.getContent(opener);
        String witnessAlgorithm = challenge.getWitnessAlgID().getAlgorithm().getId();
        byte[] witness = MessageDigest.getInstance(witnessAlgorithm, BC).digest(value);
        if (!Arrays.equals(witness, challenge.getWitness())) {
            System.err.println("the witness is not that of the decrypted value");
            System.exit(1);
        }
        Mac mac = Mac.getInstance(challenge.getThePOPAlgID().getAlgorithm().getId(), BC);
        mac.init(new SecretKeySpec(value, 0, Math.min(64, value.length), "HMAC"));
        System.out.println(Hex.toHexString(mac.doFinal(challenge.getRequest().getEncoded("DER"))));
    }
}
