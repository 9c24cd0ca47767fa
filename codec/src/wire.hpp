#pragma once

#include <cassert>
#include <concepts>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "reader.hpp"
#include "schema.hpp"
#include <cmcctl/codec/tlv.hpp>
#include "writer.hpp"

/// Declares asn1c's descriptor of a type. The codec needs no more of the generated headers.
#define CMC_MODULE_TYPE(name) \
  extern "C" {                \
  extern struct asn_TYPE_descriptor_s asn_DEF_##name; \
  }

namespace cmcctl {

/// Ties a public type to its type in the modules, for both directions. A specialisation derives from Sequence,
/// Choice or Alias, and lists the members in the order of the module:
///
///     template <> struct Wire<IssuerAndSerialNumber>
///         : Sequence<asn_DEF_IssuerAndSerialNumber, &IssuerAndSerialNumber::issuer, ...> {};
template <class T>
struct Wire;

template <class T>
concept Wired = requires { Wire<T>::type(); };

// --- Decoding: read_value gets the innermost element of its member, tags checked. --------------------------------

bool read_value(Reader&, const schema::Type&, const tlv::Element&, bool&);
bool read_value(Reader&, const schema::Type&, const tlv::Element&, Integer&);
bool read_value(Reader&, const schema::Type&, const tlv::Element&, std::int64_t&);
bool read_value(Reader&, const schema::Type&, const tlv::Element&, BodyPartID&);
bool read_value(Reader&, const schema::Type&, const tlv::Element&, BitString&);
bool read_value(Reader&, const schema::Type&, const tlv::Element&, Octets&);
bool read_value(Reader&, const schema::Type&, const tlv::Element&, Utf8String&);
bool read_value(Reader&, const schema::Type&, const tlv::Element&, Time&);

inline bool read_value(Reader&, const schema::Type&, const tlv::Element&, Null&) { return true; }
inline bool read_value(Reader&, const schema::Type&, const tlv::Element& element, Oid& out) {
  out.content = element.content;
  return true;
}
inline bool read_value(Reader&, const schema::Type&, const tlv::Element& element, Any& out) {
  out = {element.whole, true};
  return true;
}
template <class T>
bool read_value(Reader&, const schema::Type&, const tlv::Element& element, Raw<T>& out) {
  out.der = element.whole;
  out.scanned = true;
  return true;
}
template <class E>
  requires std::is_enum_v<E>
bool read_value(Reader& reader, const schema::Type& type, const tlv::Element& element, E& out) {
  std::int64_t number = 0;
  if (!read_value(reader, type, element, number)) return false;
  out = static_cast<E>(number);
  return true;
}
void note_explicit_default(Reader&, const tlv::Element&);

template <bool Default>
bool read_value(Reader& reader, const schema::Type& type, const tlv::Element& element, DefaultBool<Default>& out) {
  if (!read_value(reader, type, element, out.value)) return false;
  if (out.is_default()) note_explicit_default(reader, element);
  return true;
}
template <class T>
bool read_value(Reader&, const schema::Type&, const tlv::Element&, List<T>&);
template <Wired T>
bool read_value(Reader& reader, const schema::Type& type, const tlv::Element& element, T& out) {
  if constexpr (requires { out.source; }) out.source.bytes = element.whole;
  return Wire<T>::read(reader, type, element, out);
}

template <class T>
bool read_member(Reader& reader, const schema::Member& member, const tlv::Element& element, T& out) {
  if (member.plain()) return read_value(reader, *member.type, element, out);
  tlv::Element inner = element;
  return reader.peel(member, inner) && read_value(reader, *member.type, inner, out);
}

std::string unsorted_text(const tlv::Element& list);
void note_unsorted(Reader&, const tlv::Element& list, const tlv::Element& element);

template <class T>
bool read_value(Reader& reader, const schema::Type& type, const tlv::Element& element, List<T>& out) {
  const std::size_t count = tlv::count_elements(element.content);
  T* values = reader.arena().allocate<T>(count);
  if (values == nullptr) return reader.out_of_memory(element.whole.data());
  const schema::Member& member = type.members[0];
  tlv::Cursor cursor(element.content);
  bool sorted = type.kind != schema::Kind::set_of;
  Octets previous;
  for (std::size_t i = 0; i < count; ++i) {
    const tlv::Element next = cursor.next();
    if (!member.matches(next.id)) {
      reader.mismatch(member, next);
      return reader.step_back(i);
    }
    T* value = new (values + i) T{};
    if (!read_member(reader, member, next, *value)) return reader.step_back(i);
    if (!sorted) {
      if (i != 0 && set_order(next.whole, previous) < 0) {
        note_unsorted(reader, element, next);
        sorted = true;  // once is enough
      }
      previous = next.whole;
    }
  }
  out = List<T>(std::span<const T>(values, count));
  out.source.bytes = element.whole;
  return true;
}

// --- Encoding: everything is written backwards, so that each length is known when its turn comes. -----------------

bool write_value(Writer&, const schema::Type&, bool);
bool write_value(Writer&, const schema::Type&, const Integer&);
bool write_value(Writer&, const schema::Type&, std::int64_t);
bool write_value(Writer&, const schema::Type&, BodyPartID);
bool write_value(Writer&, const schema::Type&, const BitString&);
bool write_value(Writer&, const schema::Type&, const Oid&);
bool write_value(Writer&, const schema::Type&, const Time&);

inline bool write_value(Writer&, const schema::Type&, const Null&) { return true; }
inline bool write_value(Writer& writer, const schema::Type&, const Octets& octets) {
  writer.prepend(octets);
  return true;
}
inline bool write_value(Writer& writer, const schema::Type&, const Utf8String& text) {
  writer.prepend(text.bytes);
  return true;
}
inline bool write_value(Writer& writer, const schema::Type&, const Any& any) { return writer.prepend_element(any.der); }
template <class T>
bool write_value(Writer& writer, const schema::Type&, const Raw<T>& raw) {
  return writer.prepend_element(raw.der);
}
template <class E>
  requires std::is_enum_v<E>
bool write_value(Writer& writer, const schema::Type& type, E value) {
  return write_value(writer, type, static_cast<std::int64_t>(value));
}
template <class T>
bool write_value(Writer&, const schema::Type&, const List<T>&);
template <Wired T>
bool write_value(Writer& writer, const schema::Type& type, const T& value) {
  return Wire<T>::write(writer, type, value);
}

template <class T>
bool write_member(Writer& writer, const schema::Member& member, const T& value) {
  const std::size_t end = writer.size();
  return write_value(writer, *member.type, value) && writer.wrap(member, end);
}

template <class T>
bool write_value(Writer& writer, const schema::Type& type, const List<T>& list) {
  const std::size_t end = writer.size();
  for (std::size_t i = list.size(); i-- != 0;) {
    if (!write_member(writer, type.members[0], list[i])) return false;
  }
  if (type.kind == schema::Kind::set_of) writer.sort_elements(end);
  return true;
}

// --- SEQUENCE -----------------------------------------------------------------------------------------------------

template <class M>
struct MemberOf;
template <class C, class M>
struct MemberOf<M C::*> {
  using Class = C;
  using Type = M;
};

template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;

/// A SEQUENCE: `Members` are pointers to data members, std::optional where the module says OPTIONAL.
template <asn_TYPE_descriptor_s& Descriptor, auto... Members>
struct Sequence {
  static const schema::Type& type() {
    static const schema::Type& instance = checked(schema::of(Descriptor));
    return instance;
  }

  template <class T>
  static bool read(Reader& reader, const schema::Type& type, const tlv::Element& element, T& out) {
    tlv::Cursor cursor(element.content);
    const schema::Member* member = type.members.data();
    if (!(read_one<Members>(reader, *member++, cursor, element, out) && ...)) return false;
    return cursor.at_end() || reader.unexpected(cursor.next(), type.name);
  }

  template <class T>
  static bool write(Writer& writer, const schema::Type& type, const T& value) {
    return write_from_last(writer, type, value, std::make_index_sequence<sizeof...(Members)>());
  }

 private:
  static const schema::Type& checked(const schema::Type& type) {
    assert(type.kind == schema::Kind::sequence && type.members.size() == sizeof...(Members));
    return type;
  }

  template <auto M, class T>
  static bool read_one(Reader& reader, const schema::Member& member, tlv::Cursor& cursor, const tlv::Element& parent,
                       T& out) {
    if (cursor.at_end() || !member.matches(cursor.next_id())) {
      if (member.optional) return true;
      if (cursor.at_end()) return reader.missing(member, parent) || reader.step_back(member.name);
      return reader.mismatch(member, cursor.next()) || reader.step_back(member.name);
    }
    return store<M>(reader, member, cursor.next(), out) || reader.step_back(member.name);
  }

  template <auto M, class T>
  static bool store(Reader& reader, const schema::Member& member, const tlv::Element& element, T& out) {
    using Field = typename MemberOf<decltype(M)>::Type;
    if constexpr (is_optional<Field>) {
      return read_member(reader, member, element, (out.*M).emplace());
    } else {
      return read_member(reader, member, element, out.*M);
    }
  }

  template <class T, std::size_t... I>
  static bool write_from_last(Writer& writer, const schema::Type& type, const T& value, std::index_sequence<I...>) {
    constexpr auto members = std::make_tuple(Members...);
    constexpr std::size_t last = sizeof...(Members) - 1;
    return (write_one(writer, type.members[last - I], value.*std::get<last - I>(members)) && ...);
  }

  template <class Field>
  static bool write_one(Writer& writer, const schema::Member& member, const Field& field) {
    if constexpr (is_optional<Field>) {
      return !field || write_member(writer, member, *field);
    } else if constexpr (requires { field.is_default(); }) {
      return field.is_default() || write_member(writer, member, field.value);
    } else {
      return write_member(writer, member, field);
    }
  }
};

// --- CHOICE -------------------------------------------------------------------------------------------------------

/// A CHOICE: `Variant` points to a std::variant whose alternatives stand in the module's order.
template <asn_TYPE_descriptor_s& Descriptor, auto Variant>
struct Choice {
  static const schema::Type& type() {
    static const schema::Type& instance = schema::of(Descriptor);
    return instance;
  }

  template <class T>
  static bool read(Reader& reader, const schema::Type& type, const tlv::Element& element, T& out) {
    using V = typename MemberOf<decltype(Variant)>::Type;
    return read_alternative(reader, type, element, out.*Variant,
                            std::make_index_sequence<std::variant_size_v<V>>());
  }

  template <class T>
  static bool write(Writer& writer, const schema::Type& type, const T& value) {
    const auto& variant = value.*Variant;
    const schema::Member& member = type.members[variant.index()];
    return std::visit([&](const auto& alternative) { return write_member(writer, member, alternative); }, variant);
  }

 private:
  template <class V, std::size_t... I>
  static bool read_alternative(Reader& reader, const schema::Type& type, const tlv::Element& element, V& out,
                               std::index_sequence<I...>) {
    bool done = false;
    const bool found = ((type.members[I].matches(element.id) &&
                         ((done = read_member(reader, type.members[I], element, out.template emplace<I>())) ||
                          !reader.step_back(type.members[I].name))) ||
                        ...);
    return found ? done : reader.no_alternative(type, element);
  }
};

/// A type that is another one under its own name: a list, a string, a number.
template <asn_TYPE_descriptor_s& Descriptor, auto Value>
struct Alias {
  static const schema::Type& type() {
    static const schema::Type& instance = schema::of(Descriptor);
    return instance;
  }
  template <class T>
  static bool read(Reader& reader, const schema::Type& type, const tlv::Element& element, T& out) {
    return read_value(reader, type, element, out.*Value);
  }
  template <class T>
  static bool write(Writer& writer, const schema::Type& type, const T& value) {
    return write_value(writer, type, value.*Value);
  }
};

// --- The way in from outside ---------------------------------------------------------------------------------------

struct TypeCodec {
  const schema::Type& (*type)();
  bool (*decode)(Reader&, tlv::Element, bool raw, void*);  // a Raw<T> may have an IMPLICIT tag in place of its own
  bool (*encode)(Writer&, const void*);
};

template <class T>
constexpr TypeCodec make_codec() {
  return {
      Wire<T>::type,
      [](Reader& reader, tlv::Element element, bool raw, void* out) {
        const schema::Type& type = Wire<T>::type();
        const bool retagged = raw && (element.id & (tlv::class_bits | tlv::constructed_bit)) == 0xA0;
        if (retagged && type.constructed()) return read_value(reader, type, element, *static_cast<T*>(out));
        if (!type.self.matches(element.id)) return reader.mismatch(type.self, element);
        return read_member(reader, type.self, element, *static_cast<T*>(out));
      },
      [](Writer& writer, const void* value) {
        return write_member(writer, Wire<T>::type().self, *static_cast<const T*>(value));
      },
  };
}

#define CMC_CODEC(T)                                  \
  template <>                                         \
  const TypeCodec& type_codec<T>() {                  \
    static constexpr TypeCodec codec = make_codec<T>(); \
    return codec;                                     \
  }

}  // namespace cmcctl
