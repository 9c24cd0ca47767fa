#include "schema.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

#include <cmcctl/codec/decoder.hpp>

#include "catch.hpp"
#include "../support/reencode_types.hpp"
#include "vectors_dir.hpp"

namespace cmcctl::test {
namespace {

/// The structs that stand in the public headers, by their text.
std::set<std::string> declared_types() {
  std::set<std::string> names;
  const std::filesystem::path folder = std::filesystem::path(vectors_dir()) / "../../codec/include/cmcctl/codec";
  const std::regex declaration(R"(^(?:struct (\w+) \{|CMC_SIMPLE_CONTROL\((\w+), ))");
  for (const auto* header : {"pkix", "cms", "crmf", "pkcs10", "cmc", "controls", "algorithms", "extensions", "pkcs12"}) {
    std::ifstream in(folder / (std::string(header) + ".hpp"));
    REQUIRE(in);
    for (std::string line; std::getline(in, line);) {
      std::smatch match;
      if (std::regex_search(line, match, declaration)) names.insert(match[1].matched ? match[1] : match[2]);
    }
  }
  names.erase("ControlRow");
  return names;
}

std::set<std::string> listed_types() {
  std::set<std::string> names;
#define CMCCTL_LIST(Type) names.insert(#Type);
  CMCCTL_WIRED_TYPES(CMCCTL_LIST)
  CMCCTL_OPAQUE_TYPES(CMCCTL_LIST)
#undef CMCCTL_LIST
  return names;
}

template <class T>
void check_codec() {
  const TypeCodec& codec = type_codec<T>();
  INFO(public_name<T>());
  CHECK(codec.decode != nullptr);
  CHECK(codec.encode != nullptr);
  CHECK(&codec.type() == &Wire<T>::type());
  CHECK_FALSE(codec.type().name.empty());
}

/// Every type that stands in the tables below this one.
void reach(const schema::Type& type, std::set<const schema::Type*>& seen) {
  if (!seen.insert(&type).second) return;
  if (type.target != nullptr) reach(*type.target, seen);
  for (const schema::Member& member : type.members) reach(*member.type, seen);
}

std::set<const schema::Type*> all_types() {
  std::set<const schema::Type*> seen;
#define CMCCTL_REACH(Type) reach(Wire<Type>::type(), seen);
  CMCCTL_WIRED_TYPES(CMCCTL_REACH)
#undef CMCCTL_REACH
  return seen;
}

template <class T>
std::size_t member_count() {
  std::size_t count = 0;
  T value{};
  each_member(value, [&](auto&) { ++count; });
  return count;
}

template <class T>
void check_members() {
  const schema::Type& type = Wire<T>::type();
  INFO(public_name<T>());
  constexpr bool alias = requires(T value) { value.value; } && !std::is_same_v<T, PKMACValue> &&
                         !std::is_same_v<T, AttributeTypeAndValue> && !std::is_same_v<T, AnotherName>;
  if (type.kind == schema::Kind::sequence && !alias) CHECK(type.members.size() == member_count<T>());
  if constexpr (requires(T value) { value.choice; }) {
    if (type.kind == schema::Kind::choice) {
      CHECK(type.members.size() == std::variant_size_v<decltype(T::choice)>);
    }
  }
}

}  // namespace

TEST_CASE("every struct of the public headers is known to the tests") {
  CHECK(declared_types() == listed_types());
}

// Reading a type's tables asserts that the struct has as many members as they have.
TEST_CASE("every type that can be decoded has its tables") {
#define CMCCTL_CHECK(Type) check_codec<Type>();
  CMCCTL_CODEC_TYPES(CMCCTL_CHECK)
#undef CMCCTL_CHECK
}

TEST_CASE("tables and structs have the same number of members and alternatives") {
#define CMCCTL_CHECK(Type) check_members<Type>();
  CMCCTL_WIRED_TYPES(CMCCTL_CHECK)
#undef CMCCTL_CHECK
}

TEST_CASE("every raw type but the opaque ones knows what it is decoded as") {
  const std::set<std::string_view> opaque{"RawSequence", "RawSet"};
  std::size_t raws = 0;
  for (const schema::Type* type : all_types()) {
    if (type->kind != schema::Kind::raw) continue;
    ++raws;
    INFO(type->name);
    if (opaque.contains(type->name)) {
      CHECK(type->target == nullptr);
    } else {
      REQUIRE(type->target != nullptr);
      CHECK(type->target->name == type->name.substr(3));
    }
  }
  CHECK(raws >= 12);
}

TEST_CASE("a raw type has the universal tag of its target") {
  for (const schema::Type* type : all_types()) {
    if (type->kind != schema::Kind::raw || type->target == nullptr) continue;
    INFO(type->name);
    REQUIRE(type->self.tag_count == 1);
    const schema::Type* target = type->target;
    if (target->kind == schema::Kind::choice) target = target->members[0].type;  // Name
    CHECK(target->self.matches(type->self.tags[0]));
  }
}

TEST_CASE("types are found by the names of their RFCs") {
  for (const auto* name : {"PKIData", "ContentInfo", "CertTemplate", "RDNSequence", "CMCStatusInfoV2", "GeneralName"}) {
    INFO(name);
    const schema::Type* type = schema::find(name);
    REQUIRE(type != nullptr);
    CHECK(type->name == name);
  }
  CHECK(schema::find("NoSuchType") == nullptr);
}

TEST_CASE("PKIData has the members of RFC 10002 section 3.2.1") {
  const schema::Type& type = type_codec<PKIData>().type();
  CHECK(type.kind == schema::Kind::sequence);
  REQUIRE(type.members.size() == 4);
  CHECK(type.members[0].name == "controlSequence");
  CHECK(type.members[1].name == "reqSequence");
  CHECK(type.members[2].name == "cmsSequence");
  CHECK(type.members[3].name == "otherMsgSequence");
  for (const schema::Member& member : type.members) {
    CHECK(member.type->kind == schema::Kind::sequence_of);
    CHECK_FALSE(member.optional);
  }
}

TEST_CASE("tags and their kinds come from the module") {
  const schema::Type& request = type_codec<TaggedRequest>().type();
  REQUIRE(request.members.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    REQUIRE(request.members[i].tag_count == 1);  // IMPLICIT
    CHECK(request.members[i].tags[0] == 0x80 + i);
  }
  const schema::Type& info = type_codec<ContentInfo>().type();
  CHECK(info.members[1].tag_count == 1);
  CHECK(info.members[1].tags[0] == 0x80);
  CHECK(info.members[1].type->kind == schema::Kind::any);

  const schema::Type& tmpl = type_codec<CertTemplate>().type();
  const schema::Member& subject = tmpl.members[5];
  CHECK(subject.name == "subject");
  CHECK(subject.tag_count == 2);  // EXPLICIT: Name is a CHOICE
  CHECK(subject.optional);
  CHECK(tmpl.members[6].tag_count == 1);

  const schema::Type& signed_data = type_codec<SignedData>().type();
  CHECK(signed_data.members[1].type->kind == schema::Kind::set_of);
  CHECK(signed_data.members[5].type->kind == schema::Kind::set_of);
  CHECK(type_codec<TaggedAttribute>().type().members[2].type->kind == schema::Kind::set_of);
}

}  // namespace cmcctl::test
