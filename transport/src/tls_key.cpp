#include <cmcctl/transport/tls_key.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

// OpenSSL 3.0 calls methods of keys deprecated, and 3.5 still has them. What would take their place is a provider,
// which is many times as much code.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace cmcctl {

struct TlsKey::State {
  PrivateKey* key = nullptr;
  EVP_PKEY* pkey = nullptr;
  std::optional<Error> refusal{};

  explicit State(PrivateKey& private_key) : key(&private_key) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_PKEY_free(pkey); }

  std::optional<std::vector<std::uint8_t>> sign(Octets input) {
    auto signature = key->sign_prepared(input);
    if (signature) return *std::move(signature);
    refusal = std::move(signature.error());
    return std::nullopt;
  }
};

namespace {

// RFC 8017 section 9.2, steps 3 to 5.
std::vector<std::uint8_t> pkcs1_block(Octets content, std::size_t size) {
  constexpr std::size_t least_padding = 11;
  if (content.size() + least_padding > size) return {};
  std::vector<std::uint8_t> block(size - content.size(), 0xFF);
  block[0] = 0x00;
  block[1] = 0x01;
  block.back() = 0x00;
  block.insert(block.end(), content.begin(), content.end());
  return block;
}

int rsa_index() {
  static const int index = RSA_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int ec_index() {
  static const int index = EC_KEY_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int sign_rsa(int size, const unsigned char* from, unsigned char* to, RSA* rsa, int padding) {
  auto* const state = static_cast<TlsKey::State*>(RSA_get_ex_data(rsa, rsa_index()));
  const std::size_t octets = static_cast<std::size_t>(RSA_size(rsa));
  const Octets content(from, static_cast<std::size_t>(size));
  std::vector<std::uint8_t> block(content.begin(), content.end());
  if (padding == RSA_PKCS1_PADDING) block = pkcs1_block(content, octets);
  if (block.size() != octets || (padding != RSA_PKCS1_PADDING && padding != RSA_NO_PADDING)) return -1;
  const auto signature = state->sign(block);
  if (!signature || signature->size() != octets) return -1;
  std::ranges::copy(*signature, to);
  return static_cast<int>(octets);
}

ECDSA_SIG* sign_ecdsa(const unsigned char* digest, int size, const BIGNUM*, const BIGNUM*, EC_KEY* ec) {
  auto* const state = static_cast<TlsKey::State*>(EC_KEY_get_ex_data(ec, ec_index()));
  const auto signature = state->sign(Octets(digest, static_cast<std::size_t>(size)));
  if (!signature) return nullptr;
  const unsigned char* der = signature->data();
  return d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(signature->size()));
}

const RSA_METHOD* rsa_method() {
  static const RSA_METHOD* const method = [] {
    RSA_METHOD* made = RSA_meth_dup(RSA_PKCS1_OpenSSL());
    RSA_meth_set_priv_enc(made, sign_rsa);
    return made;
  }();
  return method;
}

const EC_KEY_METHOD* ec_method() {
  static const EC_KEY_METHOD* const method = [] {
    EC_KEY_METHOD* made = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
    int (*sign)(int, const unsigned char*, int, unsigned char*, unsigned int*, const BIGNUM*, const BIGNUM*, EC_KEY*);
    int (*setup)(EC_KEY*, BN_CTX*, BIGNUM**, BIGNUM**);
    EC_KEY_METHOD_get_sign(made, &sign, &setup, nullptr);
    EC_KEY_METHOD_set_sign(made, sign, setup, sign_ecdsa);
    return made;
  }();
  return method;
}

bool take_rsa(TlsKey::State& state) {
  const Octets bits = state.key->public_key().subject_public_key();
  const unsigned char* from = bits.data();
  RSA* const rsa = d2i_RSAPublicKey(nullptr, &from, static_cast<long>(bits.size()));
  if (rsa != nullptr && RSA_set_method(rsa, rsa_method()) == 1 && RSA_set_ex_data(rsa, rsa_index(), &state) == 1 &&
      EVP_PKEY_assign_RSA(state.pkey, rsa) == 1) {
    return true;
  }
  RSA_free(rsa);
  return false;
}

bool take_ec(TlsKey::State& state) {
  const PublicKey& key = state.key->public_key();
  const int curve = key.kind() == KeyKind::ec_p256   ? NID_X9_62_prime256v1
                    : key.kind() == KeyKind::ec_p384 ? NID_secp384r1
                                                     : NID_secp521r1;
  const Octets point = key.subject_public_key();
  EC_KEY* const ec = EC_KEY_new_by_curve_name(curve);
  if (ec != nullptr && EC_KEY_oct2key(ec, point.data(), point.size(), nullptr) == 1 &&
      EC_KEY_set_method(ec, ec_method()) == 1 && EC_KEY_set_ex_data(ec, ec_index(), &state) == 1 &&
      EVP_PKEY_assign_EC_KEY(state.pkey, ec) == 1) {
    return true;
  }
  EC_KEY_free(ec);
  return false;
}

// A key in memory, as OpenSSL has its own.
EVP_PKEY* software_key(Octets pkcs8) {
  const unsigned char* from = pkcs8.data();
  return d2i_AutoPrivateKey(nullptr, &from, static_cast<long>(pkcs8.size()));
}

}  // namespace

TlsKey::TlsKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
TlsKey::TlsKey(TlsKey&&) noexcept = default;
TlsKey& TlsKey::operator=(TlsKey&&) noexcept = default;
TlsKey::~TlsKey() = default;

evp_pkey_st* TlsKey::get() const { return state_->pkey; }
const std::optional<Error>& TlsKey::refusal() const { return state_->refusal; }

Result<TlsKey> TlsKey::from(PrivateKey& key) {
  const KeyKind kind = key.public_key().kind();
  const Error no_tls{Errc::unsupported_algorithm, 0, {}, {}, "TLS with a key of the kind " + key.public_key().text()};
  if (kind != KeyKind::rsa && !is_ec(kind) && kind != KeyKind::ed25519) return no_tls;
  auto state = std::make_unique<State>(key);
  if (const auto pkcs8 = pkcs8_of(key)) {
    state->pkey = software_key(*pkcs8);
    if (state->pkey == nullptr) return no_tls;
    return TlsKey(std::move(state));
  }
  state->pkey = EVP_PKEY_new();
  const bool taken = kind == KeyKind::rsa ? take_rsa(*state) : is_ec(kind) && take_ec(*state);
  if (!taken) return no_tls;
  return TlsKey(std::move(state));
}

}  // namespace cmcctl
