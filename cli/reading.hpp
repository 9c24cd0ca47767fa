#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cmcctl/codec/input.hpp>

#include "command_line.hpp"
#include "io.hpp"

namespace cmcctl::cli {

/// --in-form and --limit, which every command that reads messages has.
struct ReadOptions {
  std::string in_form = "auto";
  std::vector<std::string> limits;
};

void add_read_options(Command command, ReadOptions& options);

/// The limits with the changes that --limit asks for.
Limits limits_of(const ReadOptions& options);

/// The messages of one file, unwrapped, or why there are none.
struct Input {
  std::vector<InputBlock> blocks;
  std::string problem;         ///< the file cannot be read: "No such file or directory"
  std::optional<Error> error;  ///< no message can be taken out of it
};

/// Reads a file, or standard input for "-", in any form.
Input read_input(const std::string& name, Io& io, const ReadOptions& options);

/// Says on stderr what is wrong and what to try next:
/// `cmcctl COMMAND: FILE: byte 22, path: what [rule]`. `form` is the block's; empty where none was found.
void report_error(Io& io, std::string_view command, const std::string& file, std::string_view form, const Error& error);

}  // namespace cmcctl::cli
