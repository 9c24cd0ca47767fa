#pragma once

#include <string>
#include <string_view>

#include <cmcctl/codec/octets.hpp>

#include "command_line.hpp"
#include "exit_code.hpp"
#include "io.hpp"

namespace cmcctl::cli {

/// -o and --to of commands that write one message.
struct OutputOptions {
  std::string file;
  std::string to = "der";
};

void add_output_options(Command command, OutputOptions& options);

/// Whether the output may go where it is to go; says why not on stderr: binary is not for a terminal. To be asked
/// before the work is done.
bool may_write(Io& io, std::string_view command, const OutputOptions& options);

/// Writes one message in the form asked for, with the PEM label that belongs to it.
ExitCode write_message(Io& io, std::string_view command, const OutputOptions& options, Octets bytes);

}  // namespace cmcctl::cli
