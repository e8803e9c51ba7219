// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/numa.hpp>
#include <vmwright/xml/detail/codec.hpp>
#include <vmwright/xml/detail/like.hpp>

namespace vmwright::inline v0::xml::detail
{

void map(auto& at, Like<NumaDistance> auto& v)
{
    at.required("@id", "name the cell");
    at.required("@value", "give 10 to 255");
    at("@id", v.id);
    at("@value", v.value);
}

void map(auto& at, Like<NumaCache> auto& v)
{
    at.required("@level", "give 1, 2 or 3");
    at.required("@associativity", "give none, direct or full");
    at.required("@policy", "give none, writeback or writethrough");
    at.required("size", "add <size value='8' unit='KiB'/>");
    at.required("line", "add <line value='64' unit='B'/>");
    at("@level", v.level);
    at("@associativity", v.associativity);
    at("@policy", v.policy);
    at.scaled("size/@value", v.size);
    at.scaled("line/@value", v.line, "B", "B");
}

void map(auto& at, Like<NumaCell> auto& v)
{
    at("@id", v.id);
    at("@cpus", v.cpus);
    at.scaled("@memory", v.memory);
    at("@memAccess", v.access);
    at("@discard", v.discard);
    at("distances/sibling", v.distances);
    at("cache", v.caches);
}

void map(auto& at, Like<NumaLatency> auto& v)
{
    at.required("@initiator", "name a cell");
    at.required("@target", "name a cell");
    at.required("@type", "give access, read or write");
    at.required("@value", "give nanoseconds");
    at("@initiator", v.initiator);
    at("@target", v.target);
    at("@cache", v.cache);
    at("@type", v.type);
    at("@value", v.value);
}

void map(auto& at, Like<NumaBandwidth> auto& v)
{
    at.required("@initiator", "name a cell");
    at.required("@target", "name a cell");
    at.required("@type", "give access, read or write");
    at.required("@value", "give an amount of memory per second");
    at("@initiator", v.initiator);
    at("@target", v.target);
    at("@cache", v.cache);
    at("@type", v.type);
    at.scaled("@value", v.value);
}

void map(auto& at, Like<Numa> auto& v)
{
    at("cell", v.cells);
    at("interconnects/latency", v.latencies);
    at("interconnects/bandwidth", v.bandwidths);
}

} // namespace vmwright::inline v0::xml::detail
