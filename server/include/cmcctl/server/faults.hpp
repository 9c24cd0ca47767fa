#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/result.hpp>

/// What a test CA does wrong when it is told to.
namespace cmcctl {

/// What a fault changes, in the order in which faults are applied.
enum class FaultStage : std::uint8_t {
  decision,  ///< what the CA decides
  content,   ///< the PKIResponse or the SignedData around it, which is signed anew
  octets,    ///< the finished message
  http,      ///< how it is sent
};

/// One kind of fault; `fault_rows` has them all.
struct FaultRow {
  std::string_view name;  ///< "nonce-mismatch"
  FaultStage stage{};
  std::string_view argument;  ///< what has to follow the name: "5s"; empty: nothing
  std::string_view what;      ///< in one sentence
};
std::span<const FaultRow> fault_rows();

/// A fault that was asked for, NAME[=ARGUMENT][:ITEM,...]. Items: every=N (each Nth answer), times=N (so often),
/// after=5s (since the start), chance=PERCENT with seed=N; "slow:5s" and "truncate:64" have their argument there, too.
struct Fault {
  const FaultRow* row = nullptr;
  std::string text;  ///< as it was given
  std::string argument;
  std::uint64_t every = 1;
  std::uint64_t times = UINT64_MAX;
  std::chrono::milliseconds after{0};
  unsigned percent = 100;
  std::minstd_rand random{1};
  std::uint64_t answers = 0;  ///< that it might have changed
  std::uint64_t fired = 0;

  /// `value_out_of_range` with what there is.
  static Result<Fault> parse(std::string_view text);
};

/// "5s", "200ms", "2m"
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The faults of one server; for several threads.
class Faults {
 public:
  Result<void> set(std::span<const std::string> texts);
  /// Counts one answer, and gives the faults that it gets.
  std::vector<Fault> next(std::chrono::milliseconds since_start);
  std::vector<Fault> list() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Fault> faults_;
};

}  // namespace cmcctl
