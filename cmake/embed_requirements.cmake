# cmake -DINPUT=requirements.tsv -DOUTPUT=requirements.inc -P embed_requirements.cmake
#
# Turns each line of the catalogue into one row of a C++ array: the columns as quoted strings, in braces. The first
# line, which names the columns, is left out. string() is used on the whole text because CMake's lists would split at
# the semicolons of the statements.
cmake_minimum_required(VERSION 3.25)

file(READ "${INPUT}" text)
string(REPLACE "\r" "" text "${text}")

string(FIND "${text}" "\n" header_end)
if(header_end EQUAL -1)
  message(FATAL_ERROR "${INPUT} has no line that names the columns")
endif()
math(EXPR first_row "${header_end} + 1")
string(SUBSTRING "${text}" ${first_row} -1 text)
string(REGEX REPLACE "\n+$" "" text "${text}")

string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\t" "\", \"" text "${text}")
string(REPLACE "\n" "\"},\n{\"" text "${text}")
file(WRITE "${OUTPUT}" "{\"${text}\"},\n")
