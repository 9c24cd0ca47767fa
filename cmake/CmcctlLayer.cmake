# cmcctl_add_layer(NAME [USES LAYER...] [LINKS TARGET...] [PRECOMPILES HEADER...])
#
# The layer in this folder as the static library cmcctl_NAME, alias cmcctl::NAME: sources below src/, public headers
# below include/cmcctl/NAME/. USES names layers left of this one, which users of this layer get too. LINKS names what
# only the sources need, PRECOMPILES what most of them include.
function(cmcctl_add_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;LINKS;PRECOMPILES")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS src/*.cpp src/*.c)
  if(NOT sources)
    return()
  endif()
  set(target cmcctl_${name})
  add_library(${target} STATIC ${sources})
  add_library(cmcctl::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  set_property(GLOBAL APPEND PROPERTY CMCCTL_LAYERS ${name})

  file(GLOB templates CONFIGURE_DEPENDS include/cmcctl/${name}/*.in)
  foreach(template IN LISTS templates)
    cmake_path(GET template STEM LAST_ONLY header)
    configure_file(${template} include/cmcctl/${name}/${header} @ONLY)
  endforeach()
  target_include_directories(${target}
    PUBLIC
      $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>
      $<BUILD_INTERFACE:${CMAKE_CURRENT_BINARY_DIR}/include>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE
      src)
  target_compile_features(${target} PUBLIC cxx_std_20)
  cmcctl_own_code(${target})
  cmcctl_precompile(${target} ${arg_PRECOMPILES})

  list(TRANSFORM arg_USES PREPEND cmcctl_)
  target_link_libraries(${target} PUBLIC ${arg_USES})
  foreach(link IN LISTS arg_LINKS)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:${link}>)
  endforeach()
endfunction()

# cmcctl_use_layers(TARGET): links every layer there is, and lets TARGET include the layers' private headers and the
# generated ones. For tests, fuzz targets and benchmarks.
function(cmcctl_use_layers target)
  get_property(layers GLOBAL PROPERTY CMCCTL_LAYERS)
  foreach(layer IN LISTS layers)
    target_link_libraries(${target} PRIVATE cmcctl_${layer})
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/${layer}/src)
  endforeach()
  if(TARGET cmcctl_asn1)
    target_include_directories(${target} SYSTEM PRIVATE
      $<TARGET_PROPERTY:cmcctl_asn1,INTERFACE_INCLUDE_DIRECTORIES>)
    add_dependencies(${target} cmcctl_asn1)
  endif()
endfunction()
