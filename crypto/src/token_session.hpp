#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "token_module.hpp"

namespace cmcctl {

/// Attributes of an object to be found or made, with the bytes they point to.
class Template {
 public:
  Template& add(CK_ATTRIBUTE_TYPE type, Octets value);
  Template& add_number(CK_ATTRIBUTE_TYPE type, CK_ULONG value);
  Template& add_bool(CK_ATTRIBUTE_TYPE type, bool value);

  CK_ATTRIBUTE* data() { return attributes_.data(); }
  CK_ULONG size() const { return attributes_.size(); }

 private:
  std::deque<std::vector<std::uint8_t>> values_;
  std::vector<CK_ATTRIBUTE> attributes_;
};

struct Token::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State();

  CK_FUNCTION_LIST& functions() const { return module->functions(); }

  std::vector<CK_OBJECT_HANDLE> find(Template& wanted) const;
  /// Objects of a class with this label and this id, where they are not empty.
  std::vector<CK_OBJECT_HANDLE> find(CK_OBJECT_CLASS object_class, std::string_view label, Octets id) const;
  /// nullopt when the object does not have the attribute, or does not give it away.
  std::optional<SecretOctets> attribute(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
  std::optional<CK_ULONG> number(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;
  bool flag(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) const;

  /// The public key of a private key, a public key or a certificate. EC points are looked for in the public key or the
  /// certificate of the same CKA_ID, where NSS keeps them.
  Result<PublicKey> public_key(CK_OBJECT_HANDLE object) const;

  /// Gives the token its PIN: as CKU_USER, or again for one operation of a key that always wants it.
  Result<void> give_pin(CK_USER_TYPE user);

  std::mutex operation;  // a session has one of each kind at a time, and a key may be used by several threads
  std::shared_ptr<TokenModule> module;
  CK_SLOT_ID slot = 0;
  CK_SESSION_HANDLE session = CK_INVALID_HANDLE;
  TokenInfo info;
  bool has_pin_pad = false;
  bool logged_in = false;
  std::optional<PasswordSource> pin;
  std::optional<SecretOctets> pin_given;  // kept for keys with CKA_ALWAYS_AUTHENTICATE
  Limits limits;
};

/// What a token says about itself; nullopt for a slot without an initialised token.
struct SlotToken {
  TokenInfo info;
  bool has_pin_pad = false;
};
std::optional<SlotToken> token_in(const TokenModule& module, CK_SLOT_ID slot);

}  // namespace cmcctl
