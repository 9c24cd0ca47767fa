#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <cmcctl/server/store.hpp>

#include "catch.hpp"

namespace cmcctl {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct TemporaryFolder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / "cmcctl-store-XXXXXX";
  TemporaryFolder() {
    std::string name = path.string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  std::string file(const char* name) const { return (path / name).string(); }
};

StoredCertificate certificate(std::uint8_t serial) {
  StoredCertificate made;
  made.serial_number = {0x40, serial};
  made.der = {0x30, 0x00};
  made.identity = "me";
  made.profile = "user";
  made.issued_at = 1'000 + serial;
  return made;
}

template <class T>
T value(Result<T> result) {
  INFO((result ? std::string() : to_string(result.error())));
  REQUIRE(result);
  return *std::move(result);
}

TEST_CASE("a store remembers certificates, and which are revoked") {
  Store store = value(Store::open(""));
  for (std::uint8_t serial = 1; serial <= 3; ++serial) REQUIRE(store.add_certificate(certificate(serial)));
  CHECK_FALSE(store.add_certificate(certificate(3)));  // a serial number is used once

  const Bytes second{0x40, 2};
  const auto found = value(store.find_certificate(second));
  REQUIRE(found);
  CHECK(found->identity == "me");
  CHECK(found->issued_at == 1'002);
  CHECK(found->confirmed);
  CHECK_FALSE(found->revocation);
  CHECK_FALSE(value(store.find_certificate(Bytes{0x40, 9})));
  CHECK(value(store.certificates(1, 5)).size() == 2);

  REQUIRE(store.set_revocation(second, Revocation{5'000, CrlReason::keyCompromise, 4'000}));
  const auto revoked = value(store.revoked_certificates());
  REQUIRE(revoked.size() == 1);
  CHECK(revoked[0].serial_number == second);
  CHECK(revoked[0].revocation->time == 5'000);
  CHECK(revoked[0].revocation->reason == CrlReason::keyCompromise);
  CHECK(revoked[0].revocation->invalid_since == 4'000);
  REQUIRE(store.set_revocation(second, std::nullopt));
  CHECK(value(store.revoked_certificates()).empty());
}

TEST_CASE("a store does all of a work or nothing of it") {
  Store store = value(Store::open(""));
  const auto fails = store.at_once([&]() -> Result<void> {
    CMC_CHECK(store.add_certificate(certificate(1)));
    CMC_CHECK(store.at_once([&] { return store.add_certificate(certificate(2)); }));
    return Error{Errc::not_encodable, 0, {}, {}, "no"};
  });
  CHECK_FALSE(fails);
  CHECK(value(store.certificates(0, 10)).empty());
  CHECK(store.at_once([&] { return store.add_certificate(certificate(1)); }));
  CHECK(value(store.certificates(0, 10)).size() == 1);
}

TEST_CASE("a store gives the CRL of a time") {
  Store store = value(Store::open(""));
  CHECK_FALSE(value(store.latest_crl()));
  for (std::int64_t number = 1; number <= 3; ++number) {
    REQUIRE(store.add_crl({number, number * 100, Bytes{static_cast<std::uint8_t>(number)}}));
  }
  CHECK(value(store.latest_crl())->number == 3);
  CHECK(value(store.crl_at(299))->number == 2);
  CHECK(value(store.crl_at(300))->number == 3);
  CHECK_FALSE(value(store.crl_at(99)));
}

TEST_CASE("a store knows users, and their names") {
  Store store = value(Store::open(""));
  REQUIRE(store.set_user({"me", secret_copy(Octets(std::string_view("one"))), "CN=me", {"dns:a", "email:b@c"}}));
  REQUIRE(store.set_user({"me", secret_copy(Octets(std::string_view("two"))), {}, {"dns:a"}}));
  const auto user = value(store.find_user("me"));
  REQUIRE(user);
  CHECK(std::string(user->secret.begin(), user->secret.end()) == "two");
  CHECK(user->subject.empty());
  CHECK(user->names == std::vector<std::string>{"dns:a"});
  CHECK_FALSE(value(store.find_user("ME")));
  CHECK(value(store.users()).size() == 1);
}

TEST_CASE("a store decides a pending request once") {
  Store store = value(Store::open(""));
  PendingRequest request;
  request.token = {1, 2, 3};
  request.pend_time = 77;
  request.message = {0x30, 0x00};
  request.body_part = 4'294'967'295;
  const std::int64_t number = value(store.add_pending(request));
  CHECK(value(store.decide(number, Decision::approved, "")));
  CHECK_FALSE(value(store.decide(number, Decision::rejected, "too late")));
  CHECK_FALSE(value(store.decide(number + 1, Decision::approved, "")));
  REQUIRE(store.set_issued(number, Bytes{9}));
  const auto found = value(store.find_pending(Octets(request.token)));
  REQUIRE(found);
  CHECK(found->number == number);
  CHECK(found->decision == Decision::approved);
  CHECK(found->body_part == 4'294'967'295);
  CHECK(found->serial_number == Bytes{9});
  CHECK(value(store.find_pending(number))->pend_time == 77);
}

TEST_CASE("a store gives a challenge out once, and forgets what has expired") {
  Store store = value(Store::open(""));
  const Bytes nonce{5};
  REQUIRE(store.add_challenge(nonce, 1, {{1}, SecretOctets{2}, "me", "user", 100}));
  REQUIRE(store.add_challenge(nonce, 2, {{1}, SecretOctets{2}, "me", "user", 200}));
  REQUIRE(store.add_exchange({{1}, {2}, {3}, {4}, true, 100}));
  CHECK(value(store.was_answered(Bytes{2}, Bytes{3})));
  CHECK_FALSE(value(store.was_answered(Bytes{2}, Bytes{4})));
  CHECK(value(store.find_exchange(Bytes{1}))->certs_only);
  REQUIRE(store.prune(150));
  CHECK_FALSE(value(store.take_challenge(nonce, 1)));
  CHECK_FALSE(value(store.find_exchange(Bytes{1})));
  const auto challenge = value(store.take_challenge(nonce, 2));
  REQUIRE(challenge);
  CHECK(challenge->proof_value == SecretOctets{2});
  CHECK_FALSE(value(store.take_challenge(nonce, 2)));
}

TEST_CASE("what comes and goes is kept within bounds") {
  Store store = value(Store::open(""));
  REQUIRE(store.at_once([&]() -> Result<void> {
    for (std::int64_t i = 0; i < 1'200; ++i) {
      CMC_CHECK(store.add_challenge(integer_content(i), 1, {{}, {}, {}, {}, 1'000 + i}));
    }
    return {};
  }));
  REQUIRE(store.prune(0));
  CHECK_FALSE(value(store.take_challenge(integer_content(199), 1)));
  CHECK(value(store.take_challenge(integer_content(200), 1)));
}

TEST_CASE("a store in a file is there again, for its owner alone, one process at a time") {
  const TemporaryFolder folder;
  const std::string file = folder.file("ca.db");
  {
    Store store = value(Store::open(file));
    REQUIRE(store.set_value("ca key", Bytes{1, 2}));
    REQUIRE(store.log(7, "issued", "CN=me"));
    struct stat status {};
    REQUIRE(stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    const auto second = Store::open(file);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::store_failed);
    CHECK(second.error().detail.find("another process has it open") != std::string::npos);
  }
  Store store = value(Store::open(file));
  CHECK(value(store.value("ca key")) == SecretOctets{1, 2});
  CHECK_FALSE(value(store.value("other")));
  const auto log = value(store.log_entries(10));
  REQUIRE(log.size() == 1);
  CHECK(log[0].event == "issued");
  CHECK(log[0].text == "CN=me");
}

TEST_CASE("what is no store is left alone") {
  const TemporaryFolder folder;
  const std::string file = folder.file("text");
  const std::string text = "this is not a database, and long enough to look like one that is broken somewhere";
  std::ofstream(file) << text;
  const auto store = Store::open(file);
  REQUIRE_FALSE(store);
  CHECK(store.error().code == Errc::store_failed);
  std::ifstream stream(file);
  CHECK(std::string(std::istreambuf_iterator<char>(stream), {}) == text);
  CHECK_FALSE(Store::open(folder.file("no/such/folder")));
}

}  // namespace
}  // namespace cmcctl
