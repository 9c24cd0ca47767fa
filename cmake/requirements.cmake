# cmcctl_embed_requirements(TARGET): makes requirements.inc from docs/requirements.tsv for src/requirements.cpp of the
# codec, and again whenever the catalogue changes.
include_guard(GLOBAL)

function(cmcctl_embed_requirements target)
  set(catalogue ${PROJECT_SOURCE_DIR}/docs/requirements.tsv)
  set(script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_requirements.cmake)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  add_custom_command(
    OUTPUT ${folder}/requirements.inc
    COMMAND ${CMAKE_COMMAND} -DINPUT=${catalogue} -DOUTPUT=${folder}/requirements.inc -P ${script}
    DEPENDS ${catalogue} ${script}
    COMMENT "Embedding docs/requirements.tsv"
    VERBATIM)
  target_sources(${target} PRIVATE ${folder}/requirements.inc)
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
