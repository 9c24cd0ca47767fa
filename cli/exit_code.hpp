#pragma once

#include <algorithm>
#include <array>

namespace cmcctl::cli {

/// What the program returns; docs/exit-codes.md has the sentences.
enum class ExitCode : int {
  ok = 0,             ///< done, the answer is yes
  no = 1,             ///< done, the answer is no
  usage = 2,          ///< wrong call
  undecodable = 3,    ///< the input does not decode
  io = 4,             ///< file or network
  pending = 5,        ///< the server has not decided yet
  one_more_step = 6,  ///< proof of possession or confirmation is wanted
  key = 7,            ///< key, token or password
  internal = 70,      ///< our bug
};

/// The one of two results that a script has to know about first. A wrong call never gets as far as a second result,
/// so its place next to `internal` decides nothing.
constexpr ExitCode worst(ExitCode a, ExitCode b) {
  constexpr std::array from_worst_to_best{ExitCode::internal,      ExitCode::usage,       ExitCode::io,
                                          ExitCode::key,           ExitCode::undecodable, ExitCode::no,
                                          ExitCode::one_more_step, ExitCode::pending,     ExitCode::ok};
  return *std::ranges::find_if(from_worst_to_best, [=](ExitCode code) { return code == a || code == b; });
}

}  // namespace cmcctl::cli
