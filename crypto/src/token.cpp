#include <cmcctl/crypto/token.hpp>

#include <algorithm>

#include <cmcctl/codec/text.hpp>
#include <cmcctl/crypto/key_id.hpp>

#include "token_errors.hpp"
#include "token_key.hpp"
#include "token_session.hpp"

namespace cmcctl {
namespace {

constexpr std::string_view nss_without_keys = "NSS Generic Crypto Services";

bool fits(const TokenSource& source, const TokenInfo& info) {
  const auto same = [](const std::string& wanted, const std::string& found) { return wanted.empty() || wanted == found; };
  if (source.nss && info.module.find("softokn") != info.module.npos) return info.label != nss_without_keys;
  return same(source.token, info.label) && same(source.manufacturer, info.manufacturer) && same(source.model, info.model) &&
         same(source.serial, info.serial);
}

struct FoundToken {
  std::shared_ptr<TokenModule> module;
  CK_SLOT_ID slot;
  SlotToken token;
};

Result<std::vector<FoundToken>> find_tokens(const TokenSource& source, Token::Access access) {
  CMC_TRY(const auto modules, load_modules(source, access));
  std::vector<FoundToken> found;
  for (const auto& module : modules) {
    CMC_TRY(const auto slots, module->slots());
    for (const CK_SLOT_ID slot : slots) {
      auto token = token_in(*module, slot);
      if (token && fits(source, token->info)) found.push_back({module, slot, *std::move(token)});
    }
  }
  return found;
}

std::string labels_of(const std::vector<FoundToken>& tokens) {
  std::string text;
  for (const FoundToken& found : tokens) text += (text.empty() ? "" : ", ") + found.token.info.label;
  return text;
}

std::string described(const std::string& label, Octets id) {
  std::string text;
  if (!label.empty()) text += " \"" + label + "\"";
  if (!id.empty()) text += " with the id " + hex(id);
  return text;
}

}  // namespace

std::string_view to_string(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::private_key: return "private key";
    case ObjectKind::public_key: return "public key";
    case ObjectKind::certificate: return "certificate";
  }
  return {};
}

Result<std::vector<TokenInfo>> list_tokens(const TokenSource& source) {
  CMC_TRY(auto found, find_tokens(source, Token::Access::read));
  std::vector<TokenInfo> tokens;
  for (FoundToken& token : found) tokens.push_back(std::move(token.token.info));
  return tokens;
}

Result<Token> Token::open(const TokenSource& source, const PasswordSource* password, Access access, const Limits& limits) {
  CMC_TRY(const auto found, find_tokens(source, access));
  if (found.empty()) {
    return Error{Errc::no_key, 0, {}, {},
                 source.text + ": no such token; is the module right (module-path), the token in, its label spelled right?"};
  }
  if (found.size() > 1) {
    return Error{Errc::no_key, 0, {}, {}, source.text + ": several tokens fit, name one with token=: " + labels_of(found)};
  }
  auto state = std::make_shared<State>();
  state->module = found.front().module;
  state->slot = found.front().slot;
  state->info = found.front().token.info;
  state->has_pin_pad = found.front().token.has_pin_pad;
  state->limits = limits;
  state->pin = source.pin;
  if (!state->pin && password != nullptr) state->pin = *password;
  const CK_FLAGS flags = CKF_SERIAL_SESSION | (access == Access::write ? CK_FLAGS{CKF_RW_SESSION} : CK_FLAGS{0});
  const CK_RV rv = state->functions().C_OpenSession(state->slot, flags, nullptr, nullptr, &state->session);
  if (rv != CKR_OK) {
    state->session = CK_INVALID_HANDLE;
    return token_error("a session with the token " + state->info.label, rv);
  }
  return Token(std::move(state));
}

const TokenInfo& Token::info() const { return state_->info; }

Result<void> Token::log_in() {
  if (state_->logged_in || !state_->info.needs_pin) return {};
  CMC_CHECK(state_->give_pin(CKU_USER));
  state_->logged_in = true;
  return {};
}

Result<std::vector<TokenObject>> Token::objects() const {
  std::vector<TokenObject> objects;
  static constexpr struct {
    CK_OBJECT_CLASS object_class;
    ObjectKind kind;
  } classes[]{{CKO_PRIVATE_KEY, ObjectKind::private_key},
              {CKO_PUBLIC_KEY, ObjectKind::public_key},
              {CKO_CERTIFICATE, ObjectKind::certificate}};
  for (const auto& [object_class, kind] : classes) {
    for (const CK_OBJECT_HANDLE handle : state_->find(object_class, {}, {})) {
      const SecretOctets label = state_->attribute(handle, CKA_LABEL).value_or(SecretOctets());
      const SecretOctets id = state_->attribute(handle, CKA_ID).value_or(SecretOctets());
      TokenObject object{kind, std::string(label.begin(), label.end()), {id.begin(), id.end()}, {}, {}};
      if (kind == ObjectKind::certificate) {
        const SecretOctets der = state_->attribute(handle, CKA_VALUE).value_or(SecretOctets());
        object.certificate.assign(der.begin(), der.end());
      }
      if (auto key = state_->public_key(handle)) object.key = *std::move(key);
      objects.push_back(std::move(object));
    }
  }
  return objects;
}

Result<std::unique_ptr<PrivateKey>> Token::find_key(const std::string& label, Octets id) {
  CMC_CHECK(log_in());
  auto found = state_->find(CKO_PRIVATE_KEY, label, id);
  if (found.empty() && !label.empty()) {  // NSS names the certificate only
    for (const CK_OBJECT_CLASS named : {CK_OBJECT_CLASS{CKO_CERTIFICATE}, CK_OBJECT_CLASS{CKO_PUBLIC_KEY}}) {
      for (const CK_OBJECT_HANDLE other : state_->find(named, label, id)) {
        const auto its_id = state_->attribute(other, CKA_ID);
        if (!its_id || its_id->empty()) continue;
        const auto keys = state_->find(CKO_PRIVATE_KEY, {}, *its_id);
        found.insert(found.end(), keys.begin(), keys.end());
      }
      if (!found.empty()) break;
    }
  }
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  const std::string where = "in the token " + info().label;
  if (found.empty()) {
    return Error{Errc::no_key, 0, {}, {}, "no private key" + described(label, id) + " " + where};
  }
  if (found.size() > 1) {
    return Error{Errc::no_key, 0, {}, {}, "several private keys" + described(label, id) + " " + where + "; name one by its id"};
  }
  return make_token_key(state_, found.front());
}

Result<std::unique_ptr<PrivateKey>> Token::find_key(const PublicKey& key) {
  CMC_CHECK(log_in());
  for (const CK_OBJECT_HANDLE handle : state_->find(CKO_PRIVATE_KEY, {}, {})) {
    const auto own = state_->public_key(handle);
    if (own && own->is_same(key)) return make_token_key(state_, handle);
  }
  return Error{Errc::no_key, 0, {}, {}, "the token " + info().label + " has no private key of this " + key.text() + " key"};
}

Result<std::vector<std::vector<std::uint8_t>>> Token::find_certificates(const std::string& label, Octets id) const {
  std::vector<std::vector<std::uint8_t>> certificates;
  for (const CK_OBJECT_HANDLE handle : state_->find(CKO_CERTIFICATE, label, id)) {
    const auto der = state_->attribute(handle, CKA_VALUE);
    if (der && !der->empty()) certificates.emplace_back(der->begin(), der->end());
  }
  return certificates;
}

}  // namespace cmcctl
