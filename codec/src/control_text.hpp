#pragma once

#include <string>
#include <vector>

#include <cmcctl/codec/message.hpp>

/// Values in words, one line each; escaped for a terminal.
namespace cmcctl {

/// What the value of a control or attribute says; the first line stands next to its name. Empty when the value cannot
/// be decoded as what the OID stands for.
std::vector<std::string> control_text(Decoder& decoder, const ControlRow& row, const Any& value);

/// The values of a control or attribute of any type, at least one line.
std::vector<std::string> value_lines(Decoder& decoder, const Oid& type, const List<Any>& values);

/// "failed, badIdentity "Invalid Credential." for body part 1"
std::string status_text(const CMCStatusInfo& status);
std::string status_text(const CMCStatusInfoV2& status);

/// "1, 2, 20/100"
std::string reference_text(const List<BodyPartReference>& references);

/// The text of a Name, or "(empty name)".
std::string name_or_null(Octets name);

/// "64 octets  a41c 9e77 …"
std::string octets_text(Octets octets);

/// "SHA-256", "PBKDF2 (HMAC-SHA-256, 10000 iterations)"
std::string algorithm_text(Decoder& decoder, const AlgorithmIdentifier& algorithm);

/// "CN=…, serial 0x4f2a" or "key id 5b1f…"
std::string sid_text(const IssuerAndSerialNumber& id);

/// One line for any value the modules know, else its tag and size.
std::string any_text(Decoder& decoder, const Oid& type, const Any& value);

/// "keyUsage critical digitalSignature, keyEncipherment"
std::string extension_text(Decoder& decoder, const Extension& extension);

}  // namespace cmcctl
