// A main for fuzz targets without a fuzzing engine: runs the target over files, and over all files below folders. When an
// input makes the target crash or run for too long, its name is the last line printed.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

constexpr unsigned seconds_per_input = 10;

std::string current_input;

void print_current_input() {
  const std::array<std::string_view, 3> parts{"replay: while running ", current_input, "\n"};
  for (const auto part : parts) {
    if (::write(STDERR_FILENO, part.data(), part.size()) < 0) return;
  }
}

void on_signal(int signal) {
  print_current_input();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void replay(const std::filesystem::path& file) {
  current_input = file.string();
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    std::cerr << "replay: cannot read " << current_input << '\n';
    std::exit(2);
  }
  const std::vector<char> input{std::istreambuf_iterator<char>(in), {}};
  ::alarm(seconds_per_input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  ::alarm(0);
}

std::vector<std::filesystem::path> files_below(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: " << argv[0] << " FILE_OR_FOLDER...\n";
    return 2;
  }
  if (__sanitizer_set_death_callback) {
    __sanitizer_set_death_callback(print_current_input);
  } else {
    std::signal(SIGSEGV, on_signal);
  }
  std::signal(SIGABRT, on_signal);
  std::signal(SIGILL, on_signal);
  std::signal(SIGALRM, on_signal);

  std::size_t count = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& file : files_below(argv[i])) {
      replay(file);
      ++count;
    }
  }
  std::cout << "replayed " << count << " inputs\n";
}
