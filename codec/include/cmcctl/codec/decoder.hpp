#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <cmcctl/codec/arena.hpp>
#include <cmcctl/codec/limits.hpp>
#include <cmcctl/codec/oddity.hpp>
#include <cmcctl/codec/result.hpp>
#include <cmcctl/codec/values.hpp>

namespace cmcctl {

/// How a type is decoded and encoded. One exists for every type of the public headers.
struct TypeCodec;

/// Specialised for every type that can be decoded.
template <class T>
const TypeCodec& type_codec();

/// Decodes the parts of one message. Decoded values are views: they live as long as the Decoder and the message's
/// bytes, and until `reset`. BER is taken everywhere and reported as an oddity; what no edition allows is refused.
///
///     Decoder decoder;
///     auto outer = decoder.decode<ContentInfo>(bytes);                 // the first call sets the message
///     auto signed_data = decoder.decode<SignedData>(*outer->content);
///
/// Not thread-safe; one Decoder per thread. Decoding message after message with `reset` in between allocates nothing
/// once the largest message has been seen, as long as the messages are DER.
class Decoder {
 public:
  explicit Decoder(const Limits& limits = {});
  ~Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;

  /// Forgets everything about the last message and starts with this one. All offsets count from its start.
  void reset(Octets message);

  /// Decodes the one element that `element` holds. Bytes that are neither part of the message nor of a value
  /// decoded from it become a message of their own (offsets count from their start) only when there is none yet.
  template <class T>
  Result<T> decode(Octets element) {
    return run<T>(element, Origin::unknown);
  }
  template <class T>
  Result<T> decode(const Any& element) {
    return run<T>(element.der, element.scanned ? Origin::scanned : Origin::unknown);
  }
  template <class T>
  Result<T> decode(const Raw<T>& element) {
    return run<T>(element.der, element.scanned ? Origin::raw : Origin::unknown);
  }

  /// Looks over one element without decoding it: the same bytes when they are DER, DER made of them when they are
  /// BER. A refusal's path is empty.
  Result<Any> scan(Octets element);

  /// Where bytes of a decoded value stood in the message.
  std::size_t offset_of(Octets bytes) const;
  /// The bytes of the message from which these were made. They differ only where the message is BER.
  Octets original(Octets bytes) const;

  const Limits& limits() const;
  Octets message() const;
  /// Whether any part so far was BER and not DER.
  bool saw_ber() const;
  const std::vector<Oddity>& oddities() const;
  void add_oddity(Severity severity, std::string_view rule, std::string text, Octets where);
  /// Forgets the oddities from this one on: for an attempt that came to nothing.
  void drop_oddities(std::size_t from);

  /// Levels of nesting that lie around what is decoded next; counts towards Limits::depth.
  void set_depth(std::size_t depth);
  std::size_t depth() const;

  Arena& arena();

 private:
  friend class Reader;
  struct State;

  // Whether a decoder has already looked at every byte, and whether the element may have another tag than its own.
  enum class Origin : std::uint8_t { unknown, scanned, raw };

  template <class T>
  Result<T> run(Octets element, Origin origin) {
    Result<T> result{T{}};
    Error error;
    if (!run(type_codec<T>(), element, origin, &*result, error)) result = std::move(error);
    return result;
  }
  bool run(const TypeCodec& codec, Octets element, Origin origin, void* value, Error& error);

  std::unique_ptr<State> state_;
};

/// A decoded value together with the bytes and the memory it looks into.
template <class T>
class Decoded {
 public:
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }
  /// For the parts that are decoded on demand.
  Decoder& decoder() { return *decoder_; }
  const std::vector<std::uint8_t>& bytes() const { return bytes_; }

 private:
  template <class U>
  friend Result<Decoded<U>> decode(std::vector<std::uint8_t> bytes, const Limits& limits);

  std::vector<std::uint8_t> bytes_;  // moving a vector keeps its bytes in place, so the views stay valid
  std::unique_ptr<Decoder> decoder_;
  T value_{};
};

/// Decodes one complete element and keeps the bytes.
template <class T>
Result<Decoded<T>> decode(std::vector<std::uint8_t> bytes, const Limits& limits = {}) {
  Decoded<T> decoded;
  decoded.bytes_ = std::move(bytes);
  decoded.decoder_ = std::make_unique<Decoder>(limits);
  CMC_TRY(decoded.value_, decoded.decoder_->template decode<T>(Octets(decoded.bytes_)));
  return decoded;
}

}  // namespace cmcctl
