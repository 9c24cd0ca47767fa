#pragma once

#include <vector>

#include <cmcctl/codec/decoder.hpp>
#include <cmcctl/crypto/private_key.hpp>

/// Dogtag's shared tokens: a secret for identity proofs and revocations, encrypted for the CA that is to check them.
///
///   SharedToken ::= SEQUENCE { encryptedSession OCTET STRING, encryptedPassphrase OCTET STRING }
///
/// encryptedSession is an AES-128 key for the RSA key of the CA's issuance protection certificate, encryptedPassphrase
/// the secret in AES-128-CBC with sixteen octets 01 as IV. Nothing authenticates it.
namespace cmcctl {

/// The token in DER; Dogtag keeps it in base64. `oaep` is RSAES-OAEP with SHA-256, as CAs with keyWrap.useOAEP want it.
/// `bad_algorithm` for other keys than RSA, `bad_string` for a passphrase that is empty or not UTF-8.
Result<std::vector<std::uint8_t>> make_shared_token(const PublicKey& ca_key, Octets passphrase, bool oaep);

/// The secret; finds out by itself how the session key was encrypted. `decryption_failed` when it is for another key or
/// broken, the codec's errors when it is no token.
Result<SecretOctets> open_shared_token(Decoder& decoder, Octets token, PrivateKey& ca_key);

}  // namespace cmcctl
