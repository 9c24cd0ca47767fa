#include "any_type.hpp"

#include <algorithm>
#include <cassert>

#include "reencode_sample.hpp"
#include "reencode_types.hpp"

namespace cmcctl {

// The library has codecs of the types that a Decoder decodes.
CMCCTL_PART_TYPES(CMC_CODEC)

namespace test {
namespace {

template <asn_TYPE_descriptor_s& Descriptor, auto... Members>
asn_TYPE_descriptor_s& descriptor_of(const Sequence<Descriptor, Members...>*) { return Descriptor; }
template <asn_TYPE_descriptor_s& Descriptor, auto Variant>
asn_TYPE_descriptor_s& descriptor_of(const Choice<Descriptor, Variant>*) { return Descriptor; }
template <asn_TYPE_descriptor_s& Descriptor, auto Value>
asn_TYPE_descriptor_s& descriptor_of(const Alias<Descriptor, Value>*) { return Descriptor; }

template <class T>
asn_TYPE_descriptor_s& descriptor() {
  if constexpr (std::is_same_v<T, GetCert>) return asn_DEF_GetCert;
  else if constexpr (std::is_same_v<T, ChangeSubjectName>) return asn_DEF_ChangeSubjectName;
  else return descriptor_of(static_cast<const Wire<T>*>(nullptr));
}

template <class T>
std::shared_ptr<void> make() {
  return std::make_shared<T>();
}

template <class T>
Result<std::vector<std::uint8_t>> sample(std::size_t variant) {
  Samples samples(variant);
  const T value = samples.make<T>();
  return any_type(public_name<T>()).encode(&value);
}

template <class T>
std::optional<Error> decode(Decoder& decoder, const Any& element, void* out) {
  auto value = decoder.decode<T>(element);
  if (!value) return std::move(value).error();
  *static_cast<T*>(out) = *std::move(value);
  return std::nullopt;
}

template <class T>
constexpr AnyType whole(std::string_view name) {
  return {name, rfc_name<T>, descriptor<T>, type_codec<T>, true, make<T>, sample<T>, decode<T>};
}
template <class T>
constexpr AnyType part(std::string_view name) {
  return {name, rfc_name<T>, descriptor<T>, type_codec<T>, false, make<T>, sample<T>, nullptr};
}

#define CMCCTL_WHOLE(Type) whole<Type>(#Type),
#define CMCCTL_PART(Type) part<Type>(#Type),
constexpr AnyType all[]{CMCCTL_CODEC_TYPES(CMCCTL_WHOLE) CMCCTL_PART_TYPES(CMCCTL_PART)};
#undef CMCCTL_WHOLE
#undef CMCCTL_PART

static_assert(sample_variants == Samples::variants);

}  // namespace

Result<std::vector<std::uint8_t>> AnyType::encode(const void* value) const {
  std::vector<std::uint8_t> buffer;
  Writer writer(buffer);
  if (!codec().encode(writer, value)) return writer.error();
  return std::vector<std::uint8_t>(writer.written().begin(), writer.written().end());
}

std::span<const AnyType> any_types() { return all; }

std::span<const AnyType> whole_types() {
  return any_types().first(static_cast<std::size_t>(std::ranges::count_if(all, &AnyType::whole)));
}

const AnyType& any_type(std::string_view name) {
  const auto* const found = std::ranges::find(all, name, &AnyType::name);
  assert(found != std::end(all));
  return *found;
}

}  // namespace test
}  // namespace cmcctl
