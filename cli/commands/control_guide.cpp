#include "control_guide.hpp"

namespace cmcctl::cli {
namespace {

constexpr std::string_view request = "requests (PKIData)";
constexpr std::string_view request_of_ra = "requests (PKIData), by an RA";
constexpr std::string_view response = "responses (PKIResponse)";
constexpr std::string_view response_of_ra = "responses (PKIResponse), by an RA";
constexpr std::string_view both = "requests and responses";
constexpr std::string_view status = "responses; requests only to reject or abort";
constexpr std::string_view in_request =
    "attribute of a PKCS #10 request, control of a CRMF request; not in controlSequence";

constexpr std::string_view once = "once (by use)";
constexpr std::string_view many = "any number of times";
constexpr std::string_view per_request = "once per certification request";

constexpr ControlGuide guides[] = {
    {1, "Tells how the server dealt with the body parts it names, in the form that old clients know.",
     "SEQUENCE { INTEGER, SEQUENCE OF INTEGER, UTF8String OPTIONAL, INTEGER or SEQUENCE { OCTET STRING, "
     "GeneralizedTime } OPTIONAL }",
     status, many, "statusInfoV2, which has to be there too"},
    {2, "Names the shared secret, so that the server can look it up.", "UTF8String", request, once,
     "identityProofV2 or identityProof, whose key then includes this name"},
    {3, "Proves with HMAC-SHA-1 that the sender knows the shared secret.", "OCTET STRING, 20 octets", request, once,
     "the reqSequence it covers, and a shared secret; identityProofV2 is its successor"},
    {4, "Carries bytes of the sender's own that the other side sends back unchanged.", "OCTET STRING", both, once,
     "the same control in the answer"},
    {5, "Ties all messages of one transaction together.", "INTEGER of any size", both, once,
     "the same number in all messages of the transaction"},
    {6, "Carries a fresh value that the other side returns, so that an old answer cannot be replayed.", "OCTET STRING",
     both, once, "recipientNonce in the answer"},
    {7, "Returns the nonce of the message that is being answered.", "OCTET STRING",
     "responses, and requests after the first", once, "equals senderNonce of the other side's last message"},
    {8, "Lets an RA add extensions to requests of others; replaced by modCertTemplate.",
     "SEQUENCE { INTEGER, SEQUENCE OF INTEGER, SEQUENCE OF Extension }", request_of_ra, many,
     "the requests it names; deprecated in favour of modCertTemplate"},
    {9, "Challenges the client to decrypt a value with the private key it wants certified.",
     "SEQUENCE { TaggedRequest, ContentInfo, AlgorithmIdentifier, AlgorithmIdentifier, OCTET STRING }", response,
     "once per challenged request",
     "status failed with failInfo popRequired, or status popRequired; decryptedPOP follows"},
    {10, "Answers the challenge of encryptedPOP and thereby proves possession of the private key.",
     "SEQUENCE { INTEGER, AlgorithmIdentifier, OCTET STRING }", request, "once per challenged request",
     "encryptedPOP before; the certification request repeated in reqSequence"},
    {11, "Lets an RA declare that it checked the proof of possession of these requests.",
     "SEQUENCE { INTEGER, SEQUENCE OF INTEGER }", request_of_ra, many,
     "requests of its own message or of one nested in it"},
    {15, "Asks for a certificate that the server issued before.", "SEQUENCE { GeneralName, INTEGER }", request, many,
     "the certificates field of the answer"},
    {16, "Asks for a certificate revocation list.",
     "SEQUENCE { Name, GeneralName OPTIONAL, GeneralizedTime OPTIONAL, BIT STRING OPTIONAL }", request, many,
     "the crls field of the answer"},
    {17, "Asks the CA to revoke a certificate.",
     "SEQUENCE { Name, INTEGER, ENUMERATED, GeneralizedTime OPTIONAL, OCTET STRING OPTIONAL, UTF8String OPTIONAL }",
     request, many, "a signature of an authorised key or a shared secret; a Full PKI Response answers it"},
    {18, "Carries registration data in a form that client and server agreed on.", "OCTET STRING", request, once,
     "an agreement between both sides"},
    {19, "Carries data for the client in a form that both sides agreed on.", "OCTET STRING", response, once,
     "an agreement between both sides"},
    {21, "Asks what became of a request that was pending.", "OCTET STRING", request, "once per token (by use)",
     "pendToken of statusInfoV2 or statusInfo"},
    {22, "Carries the random value from which the POP link witnesses are computed.",
     "OCTET STRING, 64 octets or more recommended", request, once,
     "popLinkWitnessV2 or popLinkWitness in every certification request"},
    {23, "Ties the proof of identity to the private key with HMAC-SHA-1.", "OCTET STRING, 20 octets", in_request,
     per_request, "popLinkRandom; popLinkWitnessV2 is its successor"},
    {24, "Tells the CA that the client accepts the certificate.", "SEQUENCE { Name, INTEGER }", request,
     "once per certificate", "status confirmRequired before"},
    {25, "Tells how the server dealt with the body parts it names, and why.",
     "SEQUENCE { INTEGER, SEQUENCE OF (INTEGER or SEQUENCE OF INTEGER), UTF8String OPTIONAL, INTEGER or SEQUENCE or "
     "[1] SEQUENCE OPTIONAL }",
     status, many, ""},
    {26, "Publishes a set of trust anchors by the digests of their certificates.",
     "SEQUENCE { INTEGER, AlgorithmIdentifier, SEQUENCE OF OCTET STRING }", "responses, or a PKIData inside authData",
     once, "the certificates field; signing-time"},
    {27, "Points to a part of the message that a shared secret authenticates.", "INTEGER", both, many,
     "AuthenticatedData around a PKIData in cmsSequence"},
    {28, "Lists the messages in cmsSequence that are requests to be processed.", "SEQUENCE OF INTEGER", request_of_ra,
     once, "cmsSequence; batchResponses in the answer"},
    {29, "Lists the messages in cmsSequence that answer a batch request.", "SEQUENCE OF INTEGER", response, once,
     "cmsSequence; batchRequests before"},
    {30, "Asks the CA to publish certificates, or not to.",
     "SEQUENCE { AlgorithmIdentifier, SEQUENCE OF OCTET STRING, PKIPublicationInfo }", request,
     "any number of times, each certificate only once", ""},
    {31, "Lets an RA change what others asked for: name, extensions, key usage and so on.",
     "SEQUENCE { SEQUENCE OF INTEGER, SEQUENCE OF INTEGER, BOOLEAN DEFAULT TRUE, CertTemplate }", request_of_ra, many,
     "requests of its own message or of one nested in it"},
    {32, "Lists controls that an RA has dealt with already, so that later servers skip them.",
     "SEQUENCE { SEQUENCE OF (INTEGER or SEQUENCE OF INTEGER) }", request_of_ra, many, ""},
    {33, "Ties the proof of identity to the private key, with algorithms named in the control.",
     "SEQUENCE { AlgorithmIdentifier, AlgorithmIdentifier, OCTET STRING }", in_request, per_request, "popLinkRandom"},
    {34, "Proves that the sender knows the shared secret, with algorithms named in the control.",
     "SEQUENCE { AlgorithmIdentifier, AlgorithmIdentifier, OCTET STRING }", request, once,
     "the reqSequence it covers, and a shared secret; identification may name it"},
    {35, "Lets an RA declare that it checked the proof of identity this points to.", "SEQUENCE OF INTEGER",
     "requests (PKIData), by an RA only", "any number of times, with different targets",
     "controlProcessed is recommended"},
    {36, "Asks for a certificate under another name than the one that authenticates the request.",
     "SEQUENCE { Name OPTIONAL, [1] GeneralNames OPTIONAL }", in_request, per_request,
     "an existing certificate, which signs the request"},
    {37, "Points to the PKIResponse, among those an RA passes on, that answers the client.", "SEQUENCE OF INTEGER",
     response_of_ra, many, "a PKIResponse in cmsSequence"},
};

}  // namespace

std::span<const ControlGuide> control_guides() { return guides; }

}  // namespace cmcctl::cli
