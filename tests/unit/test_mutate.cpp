#include <cmcctl/codec/mutate.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <cmcctl/codec/controls.hpp>
#include <cmcctl/codec/message.hpp>

#include "catch.hpp"
#include "hex.hpp"
#include "mutate_edit.hpp"
#include "scan.hpp"
#include "vectors_dir.hpp"

namespace cmcctl::test {
namespace {

constexpr std::array kinds{MutationKind::tlv, MutationKind::der, MutationKind::control, MutationKind::all};

Bytes vector_file(const std::string& name) {
  std::ifstream in(std::string(vectors_dir()) + "/" + name, std::ios::binary);
  REQUIRE(in.good());
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

std::vector<Bytes> a_dozen_messages() {
  std::vector<Bytes> messages;
  for (const char* name : {"bouncycastle/nested-ra-batch.der", "bouncycastle/pkidata-mixed-tcr-crm-orm.der",
                           "bouncycastle/resp-v2-all-status.der", "bouncycastle/resp-full-certs-crl-ber.der",
                           "bouncycastle/pkidata-tcr-ec-ski-ber.der", "bouncycastle/pkidata-bare-empty.der",
                           "bouncycastle/crmf-certreqmessages.der", "bouncycastle/p10-ed25519.der",
                           "bouncycastle/certsonly-2.der", "collected/ms-certreq-cmc-renewal.der",
                           "collected/cepces-truncated-pkiresponse.der", "dogtag/ca/err-pop-fail/resp.bin"}) {
    messages.push_back(vector_file(name));
  }
  return messages;
}

// PKIData with every control that an operation looks for, a text, a time, a BOOLEAN, a NULL and a BIT STRING.
Bytes rich_message() {
  const std::string controls =
      "30{020101 06{2b06010505070706} 31{04{01020304}}}"
      "30{020102 06{2b06010505070705} 31{02{05}}}"
      "30{020103 06{2b06010505070719} 31{30{020102 30{020101} 0c{6f6b} 020107}}}";
  const std::string request =
      "a0{020104 30{30{020100 31{13{4145} 17{3236313132313033353231305a} 0101ff 0500}} 03{00a0}}}";
  return asn1("30{30{" + controls + "} 30{" + request + "} 30{} 30{}}");
}

Scan::Outcome outcome(const Bytes& bytes) { return scan_der(Octets(bytes), Limits{}).outcome; }

}  // namespace

TEST_CASE("each mutation does what its name says") {
  const Bytes message = rich_message();
  REQUIRE(outcome(message) == Scan::Outcome::der);
  for (const MutationKind kind : {MutationKind::tlv, MutationKind::der, MutationKind::control}) {
    for (const mutation::Operation& operation : mutation::operations(kind)) {
      INFO(to_string(kind) << " " << operation.name);
      std::size_t changed = 0;
      for (std::uint64_t seed = 0; seed < 50; ++seed) {
        mutation::Element root = mutation::parse(Octets(message));
        mutation::Random random(seed);
        mutation::Edit edit(root, random, 1 << 20);
        if (!operation.apply(edit)) continue;
        CHECK(!edit.what.empty());
        if (mutation::write(root) != message) ++changed;
      }
      CHECK(changed >= 25);
    }
  }
}

TEST_CASE("a mutation is named once") {
  std::set<std::string_view> names;
  std::size_t count = 0;
  for (const MutationKind kind : {MutationKind::tlv, MutationKind::der, MutationKind::control}) {
    for (const mutation::Operation& operation : mutation::operations(kind)) {
      names.insert(operation.name);
      ++count;
    }
  }
  CHECK(names.size() == count);
}

TEST_CASE("the same seed gives the same bytes on every platform") {
  // The first numbers of SplitMix64 from 0, as its authors publish them.
  mutation::Random random(0);
  CHECK(random.next() == 0xE220A8397B1DCDAF);
  CHECK(random.next() == 0x6E789E6AA1B965F4);
  const Bytes message = rich_message();
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Mutation one = mutate(Octets(message), MutationKind::all, seed, 4096);
    const Mutation two = mutate(Octets(message), MutationKind::all, seed, 4096);
    CHECK(one.bytes == two.bytes);
    CHECK(one.description == two.description);
    CHECK(mutate_octets(Octets(message), MutationKind::all, seed, 4096) == one.bytes);
  }
  CHECK(to_hex(Octets(mutate_octets(Octets(asn1("30{020105 0c{616263}}")), MutationKind::tlv, 1, 64))) ==
        "30080201050c03616261");
}

TEST_CASE("a mutant differs from the message and keeps to its size") {
  for (const Bytes& message : a_dozen_messages()) {
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
      const std::size_t max_size = seed % 3 == 0   ? message.size()
                                   : seed % 3 == 1 ? message.size() / 2
                                                   : 4 * message.size();
      const MutationKind kind = kinds[seed % kinds.size()];
      const auto mutant = mutate_octets(Octets(message), kind, seed, max_size);
      if (mutant.size() > max_size || mutant == message) FAIL("seed " << seed << ", kind " << to_string(kind));
    }
  }
}

TEST_CASE("any octets have mutants") {
  const std::vector<Bytes> inputs{{},
                                  hex("00"),
                                  hex("ff"),
                                  hex("0000"),
                                  hex("3080"),
                                  hex("1f"),
                                  hex("30840000ffff"),
                                  hex("0401"),
                                  hex("2480 0401 61 0000"),
                                  repeat(hex("3080"), 5000),
                                  repeat(hex("00"), 1000),
                                  nested(0x04, 300, hex("0500")),
                                  repeat(hex("0500"), 20000)};
  for (const Bytes& input : inputs) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      const Mutation mutant = mutate(Octets(input), kinds[seed % kinds.size()], seed, input.size() + 100);
      CHECK(mutant.bytes != input);
      CHECK(mutant.bytes.size() <= input.size() + 100);
      CHECK(!mutant.description.empty());
      CHECK(mutate(Octets(input), kinds[seed % kinds.size()], seed, 0).bytes.empty());
    }
  }
}

TEST_CASE("lengths are made right again in nearly all mutants of kinds tlv and control") {
  for (const MutationKind kind : {MutationKind::tlv, MutationKind::control}) {
    std::size_t sound = 0;
    std::size_t all = 0;
    for (const Bytes& message : a_dozen_messages()) {
      if (outcome(message) == Scan::Outcome::refused) continue;
      for (std::uint64_t seed = 0; seed < 200; ++seed) {
        const auto mutant = mutate_octets(Octets(message), kind, seed, 4 * message.size());
        if (outcome(mutant) != Scan::Outcome::refused) ++sound;
        ++all;
      }
    }
    INFO(to_string(kind) << ": " << sound << " of " << all);
    CHECK(sound * 100 >= all * 95);
  }
}

TEST_CASE("most mutants of kind der are no DER") {
  const Bytes message = rich_message();
  std::size_t broken = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const auto mutant = mutate_octets(Octets(message), MutationKind::der, seed, 1 << 20);
    if (outcome(mutant) != Scan::Outcome::der) ++broken;
  }
  CHECK(broken >= 340);
}

TEST_CASE("lengths are made right through strings that hold DER") {
  // OCTET STRING in SEQUENCE in BIT STRING in [0]
  const Bytes message = asn1("a0{03{00 30{04{30{0c{6162}}}}}}");
  mutation::Element root = mutation::parse(Octets(message));
  REQUIRE(mutation::write(root) == message);
  const auto all = mutation::places(root);
  const auto text = std::ranges::find_if(all, [](const auto& place) { return place.element->is(0x0C); });
  REQUIRE(text != all.end());
  const Bytes longer = repeat(hex("61"), 200);
  mutation::set_content(*text->element, Octets(longer));
  CHECK(mutation::write(root) == asn1("a0{03{00 30{04{30{0c{" + to_hex(Octets(longer)) + "}}}}}}"));
}

TEST_CASE("an unchanged tree is written as it was read") {
  for (const Bytes& message : a_dozen_messages()) CHECK(mutation::write(mutation::parse(Octets(message))) == message);
  for (const char* ber :
       {"30800500 0000", "2480 0401 61 0401 62 0000", "30820003 020105", "30030500", "0500 0c01 61 ff"}) {
    const Bytes bytes = hex(ber);
    CHECK(mutation::write(mutation::parse(Octets(bytes))) == bytes);
  }
}

TEST_CASE("a mutation says where and what") {
  const Bytes message = rich_message();
  std::set<std::string> places;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const Mutation mutant = mutate(Octets(message), MutationKind::control, seed, 4096);
    CHECK(mutant.kind == MutationKind::control);
    if (mutant.operation == "change-status")
      places.insert(mutant.description.substr(0, mutant.description.find(" becomes ")));
  }
  CHECK(places == std::set<std::string>{"byte 47, PKIData.controlSequence[2]: cMCStatus"});
}

TEST_CASE("a PKIData is put into as many others as asked for") {
  const Bytes message = rich_message();
  const auto operations = mutation::control_operations();
  const auto nest = std::ranges::find(operations, "nest-messages", &mutation::Operation::name);
  REQUIRE(nest != operations.end());
  std::set<std::size_t> depths;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    mutation::Element root = mutation::parse(Octets(message));
    mutation::Random random(seed);
    mutation::Edit edit(root, random, 500);
    if (!nest->apply(edit)) continue;
    const Bytes nested_message = mutation::write(root);
    CHECK(nested_message.size() <= message.size() + 500);
    Decoder decoder;
    const auto opened = open_message(decoder, Octets(nested_message));
    REQUIRE(opened);
    CHECK(opened->errors.empty());
    std::size_t depth = 0;
    for (const Layer* layer = &opened->layer; !layer->nested.empty(); layer = &layer->nested[0]) ++depth;
    depths.insert(depth);
  }
  CHECK(depths == std::set<std::size_t>{1, 2, 3});
}

TEST_CASE("two messages have a cross") {
  const auto messages = a_dozen_messages();
  std::size_t sound = 0;
  std::size_t all = 0;
  for (const Bytes& a : messages) {
    for (const Bytes& b : messages) {
      for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const auto cross = cross_over(Octets(a), Octets(b), seed, 2 * a.size());
        CHECK(cross != a);
        CHECK(cross.size() <= 2 * a.size());
        CHECK(cross == cross_over(Octets(a), Octets(b), seed, 2 * a.size()));
        if (outcome(cross) != Scan::Outcome::refused) ++sound;
        ++all;
      }
    }
  }
  CHECK(sound * 100 >= all * 75);
}

TEST_CASE("a cross of two PKIData can have the control of the other") {
  const Bytes a = asn1("30{30{} 30{} 30{} 30{}}");
  const Bytes b = asn1("30{30{30{020109 06{2b06010505070707} 31{04{aa}}}} 30{} 30{} 30{}}");
  std::size_t with_control = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    if (cross_over(Octets(a), Octets(b), seed, 200) == b) ++with_control;
  }
  CHECK(with_control >= 5);
}

}  // namespace cmcctl::test
