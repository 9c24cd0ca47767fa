#include <algorithm>

#include <cmcctl/crypto/key_wrap.hpp>
#include <cmcctl/crypto/random.hpp>

#include "botan.hpp"
#include "cipher_rows.hpp"

// RFC 3211 section 2.3: a formatted block (count, check value, key, padding) is CBC-encrypted, and its result once more
// with the last block of the first pass as IV.
namespace cmcctl {
namespace {

constexpr std::size_t header_octets = 4;  // count and check value
constexpr std::size_t check_octets = 3;

class CbcPass {
 public:
  CbcPass(const CipherSpec& cbc, Octets kek) : row_(cipher_row(cbc.cipher)), kek_(kek) {}

  std::size_t block() const { return row_.iv_octets; }

  SecretOctets run(Botan::Cipher_Dir direction, Octets iv, Octets blocks) const {
    auto mode = Botan::Cipher_Mode::create_or_throw(std::string(row_.block_cipher) + "/CBC/NoPadding", direction);
    mode->set_key(kek_.data(), kek_.size());
    mode->start(iv.data(), iv.size());
    Botan::secure_vector<std::uint8_t> buffer(blocks.begin(), blocks.end());
    mode->finish(buffer);
    return {buffer.begin(), buffer.end()};
  }

 private:
  const CipherRow& row_;
  Octets kek_;
};

Octets last(Octets octets, std::size_t count) { return octets.from(octets.size() - count); }

SecretOctets formatted(Octets key, std::size_t block) {
  const std::size_t used = header_octets + key.size();
  const std::size_t size = std::max(2 * block, (used + block - 1) / block * block);
  SecretOctets blocks = random_octets(size);
  blocks[0] = static_cast<std::uint8_t>(key.size());
  for (std::size_t i = 0; i < check_octets; ++i) blocks[1 + i] = static_cast<std::uint8_t>(~key[i]);
  std::ranges::copy(key, blocks.begin() + header_octets);
  return blocks;
}

// One comparison over everything, so that time does not tell count from check value.
bool is_formatted(const SecretOctets& blocks) {
  unsigned difference = 0;
  for (std::size_t i = 0; i < check_octets; ++i) {
    difference |= static_cast<unsigned>(blocks[1 + i] ^ blocks[header_octets + i]) ^ 0xFFu;
  }
  const std::size_t count = blocks[0];
  const bool fits = count >= check_octets && count + header_octets <= blocks.size();
  return fits & (difference == 0);
}

}  // namespace

Result<std::vector<std::uint8_t>> wrap_password_key(const CipherSpec& cbc, Octets kek, Octets key) {
  const bool fits = key.size() >= check_octets && key.size() <= 255;
  if (!fits || is_aead(cbc.cipher) || kek.size() != key_octets(cbc.cipher)) {
    return Error{Errc::bad_algorithm,
                 0,
                 {},
                 {},
                 "PWRI-KEK with " + std::string(to_string(cbc.cipher)) + " and a key of " + std::to_string(key.size()) +
                     " octets"};
  }
  const CbcPass pass(cbc, kek);
  const SecretOctets once = pass.run(encryption, cbc.iv, formatted(key, pass.block()));
  const SecretOctets twice = pass.run(encryption, last(once, pass.block()), once);
  return std::vector<std::uint8_t>(twice.begin(), twice.end());
}

Result<SecretOctets> unwrap_password_key(const CipherSpec& cbc, Octets kek, Octets wrapped) {
  const Error failed{Errc::decryption_failed, 0, {}, {}, {}};
  const CbcPass pass(cbc, kek);
  const std::size_t block = pass.block();
  if (is_aead(cbc.cipher) || kek.size() != key_octets(cbc.cipher)) return failed;
  if (wrapped.size() < 2 * block || wrapped.size() % block != 0) return failed;
  const Octets before_last = wrapped.sub(wrapped.size() - 2 * block, block);
  const SecretOctets iv = pass.run(decryption, before_last, last(wrapped, block));
  const SecretOctets once = pass.run(decryption, iv, wrapped);
  const SecretOctets blocks = pass.run(decryption, cbc.iv, once);
  if (!is_formatted(blocks)) return failed;
  return secret_copy(Octets(blocks).sub(header_octets, blocks[0]));
}

}  // namespace cmcctl
