using System;
using System.Globalization;
using HaukiOS.Swarm;

namespace HaukiOS.Host.Unlock;

/// <summary>Where a node listens.</summary>
/// <param name="Host">An address or a name, in small letters.</param>
/// <param name="Port">A TCP port.</param>
public sealed record NodeAddress(string Host, int Port)
{
    /// <summary>Reads <c>ADDRESS</c> or <c>ADDRESS:PORT</c>.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="port">The port if none was typed.</param>
    /// <exception cref="UserErrorException">It is neither.</exception>
    public static NodeAddress Parse(string text, int port = UnlockProtocol.Port)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        var isSound = Uri.CheckHostName(host) is UriHostNameType.IPv4 or UriHostNameType.Dns
            && (colon < 0
                || (int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                    && port is > 0 and <= 65535));
        return isSound
            ? new NodeAddress(host.ToLowerInvariant(), port)
            : throw new UserErrorException(
                $"'{text}' is no address of a node: say ADDRESS or ADDRESS:PORT, such as 192.168.1.7:4285.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Port}";
}
