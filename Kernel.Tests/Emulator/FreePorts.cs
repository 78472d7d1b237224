using System;
using System.Net;
using System.Net.Sockets;

namespace HaukiOS.Tests.Emulator;

/// <summary>
/// Ports of this computer for an emulator to bind. They lie below those that a system hands out by itself, of which
/// another conversation could take one in the moment between the choice and the binding.
/// </summary>
internal static class FreePorts
{
    private const int First = 10_000;
    private const int Last = 32_000;

    /// <summary>So many ports that nobody has, neither for TCP nor for UDP.</summary>
    public static int[] Take(int count)
    {
        var ports = new int[count];
        for (var i = 0; i < count;)
        {
            var port = Random.Shared.Next(First, Last);
            if (Array.IndexOf(ports, port) < 0 && IsFree(port, ProtocolType.Tcp) && IsFree(port, ProtocolType.Udp))
            {
                ports[i++] = port;
            }
        }

        return ports;
    }

    private static bool IsFree(int port, ProtocolType protocol)
    {
        var type = protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram;
        using var probe = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
