using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace HaukiOS.Host.Switch;

/// <summary>Ports as words of a command line: <c>a=listen:unix:/run/a</c>.</summary>
public static class PortSpecification
{
    /// <summary>All forms, for help and for errors.</summary>
    public const string Forms = "NAME=listen:unix:PATH, NAME=listen:tcp:HOST:PORT, NAME=connect:..., "
        + "NAME=dgram:unix:PATH,PEERPATH, NAME=dgram:udp:HOST:PORT,PEERHOST:PEERPORT, NAME=tap:DEVICE[@NAMESPACE]";

    /// <summary>Opens the port that the words describe.</summary>
    /// <exception cref="UserErrorException">They describe none, or it cannot be opened.</exception>
    public static SwitchPort Open(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? string.Empty : text[..equals];
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
        {
            throw Wrong(text);
        }

        var words = text[(equals + 1)..].Split(':', 2);
        if (words.Length < 2)
        {
            throw Wrong(text);
        }

        if (words[0] == "tap")
        {
            var at = words[1].IndexOf('@', StringComparison.Ordinal);
            return at < 0
                ? new TapPort(name, words[1], space: null)
                : new TapPort(name, words[1][..at], words[1][(at + 1)..]);
        }

        var (family, rest) = words[1].Split(':', 2) is [var first, var second] ? (first, second) : throw Wrong(text);
        switch (words[0], family)
        {
            case ("listen", "unix" or "tcp"):
                return StreamPort.Listen(name, Address(family, rest, text));
            case ("connect", "unix" or "tcp"):
                return StreamPort.Connect(name, Address(family, rest, text));
            case ("dgram", "unix" or "udp") when rest.Split(',') is [var local, var remote]:
                return new DatagramPort(name, Address(family, local, text), Address(family, remote, text));
            default:
                throw Wrong(text);
        }
    }

    private static EndPoint Address(string family, string where, string text)
    {
        if (family == "unix")
        {
            return where.Length > 0 ? new UnixDomainSocketEndPoint(where) : throw Wrong(text);
        }

        return IPEndPoint.TryParse(where, out var address) ? address : throw Wrong(text);
    }

    private static UserErrorException Wrong(string text) => new($"'{text}' is no port; there are {Forms}.");
}
