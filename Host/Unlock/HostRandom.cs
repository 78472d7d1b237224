using System;
using System.Security.Cryptography;
using HaukiOS.Hardware;

namespace HaukiOS.Host.Unlock;

/// <summary>The host's own generator.</summary>
internal sealed class HostRandom : IRandomSource
{
    /// <inheritdoc/>
    public void Fill(Span<byte> into) => RandomNumberGenerator.Fill(into);
}
