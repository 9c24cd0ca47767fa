#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <cmcctl/server/authority.hpp>

#include "guesses.hpp"

/// The parts of Authority: each of these files decides one thing.
namespace cmcctl::authority {

using Bytes = std::vector<std::uint8_t>;

/// Why something is not granted, in the words of a status (RFC 10002 section 6.1.4).
struct Refusal {
  CMCFailInfo fail_info = CMCFailInfo::badRequest;
  std::string text;
};

/// What was granted, or why it was not.
template <class T>
class [[nodiscard]] Ruling {
 public:
  Ruling(T granted) : state_(std::in_place_index<0>, std::move(granted)) {}
  Ruling(Refusal refusal) : state_(std::in_place_index<1>, std::move(refusal)) {}

  explicit operator bool() const { return state_.index() == 0; }
  T& operator*() { return *std::get_if<0>(&state_); }
  const T& operator*() const { return *std::get_if<0>(&state_); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  const Refusal& refusal() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Refusal> state_;
};

/// Where nothing is handed out: the reason against it, if there is one.
using Objection = std::optional<Refusal>;

/// What all parts work with while one message is answered, in one thread.
struct Context {
  Context(Store& its_store, Issuer& its_issuer, const AuthorityOptions& its_options, Guesses& its_guesses,
          std::int64_t time);

  Store& store;
  Issuer& issuer;
  const AuthorityOptions& options;
  Guesses& guesses;
  std::int64_t now = 0;
  bool pend = false;       ///< requests are left for somebody to decide
  bool try_later = false;  ///< nothing is decided
  std::vector<X509Certificate> anchors;  ///< of signers, the CA's own first: copies, as each is for one thread
  std::optional<Error> broken{};         ///< the first thing that the CA itself could not do: nothing is kept then
  Store::Transaction transaction;        ///< begun before anything is decided, and after everything is verified

  const X509Certificate& certificate() const { return anchors.front(); }

  Refusal failed(const Error& error) {
    if (!broken) broken = error;
    return {CMCFailInfo::internalCAError, "the CA could not do this; ask whoever runs it"};
  }
};

/// What a message that is not to be decided gets: sent again, it is a new one.
inline const Refusal later{CMCFailInfo::tryLater, "not now; send the same message again later"};

inline Bytes bytes_of(Octets octets) { return {octets.begin(), octets.end()}; }

}  // namespace cmcctl::authority
