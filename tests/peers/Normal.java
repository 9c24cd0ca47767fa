import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.util.encoders.Hex;

/** Text form of an ASN.1 value that does not depend on the order in a SET, tagged or not. */
final class Normal {
    private Normal() {
    }

    static byte[] der(ASN1Encodable value) throws IOException {
        return value.toASN1Primitive().getEncoded(ASN1Encoding.DER);
    }

    static String text(ASN1Primitive value) throws IOException {
        if (value instanceof ASN1Set) {
            return "{" + String.join(",", sorted(((ASN1Set) value).toArray())) + "}";
        }
        if (value instanceof ASN1Sequence) {
            return "(" + String.join(",", parts(((ASN1Sequence) value).toArray())) + ")";
        }
        if (value instanceof ASN1TaggedObject) {
            return tagged((ASN1TaggedObject) value);
        }
        return Hex.toHexString(der(value));
    }

    private static String tagged(ASN1TaggedObject value) throws IOException {
        String tag = value.getTagClass() + "/" + value.getTagNo();
        ASN1Primitive inner = value.getBaseObject().toASN1Primitive();
        if (inner instanceof ASN1Sequence) {
            return tag + "{" + String.join(",", sorted(((ASN1Sequence) inner).toArray())) + "}";
        }
        return tag + (value.isExplicit() ? "{" + text(inner) + "}" : Hex.toHexString(der(value)));
    }

    private static List<String> parts(ASN1Encodable[] values) throws IOException {
        List<String> texts = new ArrayList<>();
        for (ASN1Encodable value : values) {
            texts.add(text(value.toASN1Primitive()));
        }
        return texts;
    }

    private static List<String> sorted(ASN1Encodable[] values) throws IOException {
        List<String> texts = parts(values);
        Collections.sort(texts);
        return texts;
    }
}
