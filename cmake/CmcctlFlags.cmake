# Two sets of flags, taken by targets and never set globally:
#   cmcctl_flags     hardening, sanitizers and coverage; every target, generated code included
#   cmcctl_warnings  for code written here
include_guard(GLOBAL)
include(CheckCXXCompilerFlag)

add_library(cmcctl_flags INTERFACE)
add_library(cmcctl_warnings INTERFACE)

target_compile_options(cmcctl_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(CMCCTL_WERROR)
  # gcc's guesses about sizes go wrong in vector::insert, and differ from version to version.
  target_compile_options(cmcctl_warnings INTERFACE -Werror
    $<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow;-Wno-stringop-overread>)
endif()

# assert() is part of the defence, in asn1c's code above all: it stays on in every kind of build.
target_compile_options(cmcctl_flags INTERFACE -UNDEBUG)
target_compile_definitions(cmcctl_flags INTERFACE _GLIBCXX_ASSERTIONS)

if(CMCCTL_SANITIZE)
  target_compile_options(cmcctl_flags INTERFACE
    -fsanitize=${CMCCTL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(cmcctl_flags INTERFACE -fsanitize=${CMCCTL_SANITIZE})
elseif(CMCCTL_HARDEN)
  target_compile_options(cmcctl_flags INTERFACE
    "$<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>"  # needs an optimising build
    -fstack-protector-strong)
  foreach(flag IN ITEMS -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "CMCCTL_HAS${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
      target_compile_options(cmcctl_flags INTERFACE ${flag})
    endif()
  endforeach()
  target_link_options(cmcctl_flags INTERFACE -Wl,-z,relro -Wl,-z,now)
endif()

if(CMCCTL_FUZZING_ENGINE STREQUAL "-fsanitize=fuzzer")
  target_compile_options(cmcctl_flags INTERFACE -fsanitize=fuzzer-no-link)
  # A call at each comparison halves the speed of the C++ code. Without, the same time leads as far: tags and OIDs come
  # from the mutator and the dictionaries.
  target_compile_options(cmcctl_flags INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-sanitize-coverage=trace-cmp>)
  target_link_options(cmcctl_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# For programs of the tests and the command line, behind cmcctl_own_code: without the sanitizer's checks that make most
# code. What they find in code that only calls the library, AddressSanitizer finds, too. No fuzzer follows these programs.
add_library(cmcctl_few_checks INTERFACE)
if(CMCCTL_SANITIZE)
  target_compile_options(cmcctl_few_checks INTERFACE -fno-sanitize=alignment,null,object-size,vptr)
endif()
if(CMCCTL_FUZZING_ENGINE STREQUAL "-fsanitize=fuzzer")
  target_compile_options(cmcctl_few_checks INTERFACE -fno-sanitize=fuzzer-no-link)
endif()
function(cmcctl_fewer_checks target)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:cmcctl_few_checks>)
endfunction()

# The headers that most sources of TARGET want; they still include what they use, which CMAKE_DISABLE_PRECOMPILE_HEADERS
# shows. A launcher such as ccache saves more, and cannot see through these.
function(cmcctl_precompile target)
  if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
    target_precompile_headers(${target} PRIVATE <algorithm> <map> <optional> <string> <vector> ${ARGN})
  endif()
endfunction()

function(cmcctl_own_code target)
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:cmcctl_flags> $<BUILD_INTERFACE:cmcctl_warnings>)
endfunction()
