// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/domain/devices.hpp>

template class std::vector<vmwright::Disk>;
template class std::vector<vmwright::Controller>;
template class std::vector<vmwright::Lease>;
template class std::vector<vmwright::Filesystem>;
template class std::vector<vmwright::Interface>;
template class std::vector<vmwright::Smartcard>;
template class std::vector<vmwright::Serial>;
template class std::vector<vmwright::Parallel>;
template class std::vector<vmwright::Console>;
template class std::vector<vmwright::Channel>;
template class std::vector<vmwright::Input>;
template class std::vector<vmwright::Tpm>;
template class std::vector<vmwright::Graphics>;
template class std::vector<vmwright::Sound>;
template class std::vector<vmwright::Audio>;
template class std::vector<vmwright::Video>;
template class std::vector<vmwright::Hostdev>;
template class std::vector<vmwright::Redirdev>;
template class std::vector<vmwright::Hub>;
template class std::vector<vmwright::Rng>;
template class std::vector<vmwright::Panic>;
template class std::vector<vmwright::Shmem>;
template class std::vector<vmwright::MemoryDevice>;

namespace vmwright::inline v0
{

bool Devices::operator==(Devices const&) const = default;

} // namespace vmwright::inline v0
