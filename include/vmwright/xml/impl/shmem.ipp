// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/shmem.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>
#include <vmwright/xml/impl/device.ipp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<ShmemServer> auto& v)
{
    at("@path", v.path);
}

void map(auto& at, Like<ShmemMsi> auto& v)
{
    at("@vectors", v.vectors);
    at("@ioeventfd", v.ioeventfd, on_off);
}

void map(auto& at, Like<Shmem> auto& v)
{
    at.required("@name", "name the memory");
    at("@name", v.name);
    at("@role", v.role);
    at("model/@type", v.model);
    at.scaled("size", v.size, "b", "M");
    at("server", v.server);
    at("msi", v.msi);
    at(".", v.info);
}

} // namespace vmwright::inline v0::xml::detail
