# SPDX-License-Identifier: BSL-1.0
# Installs afresh, so that no file of an earlier install hides one that is missing now.
file(REMOVE_RECURSE ${prefix})
execute_process(COMMAND ${CMAKE_COMMAND} --install ${build} --prefix ${prefix} COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
