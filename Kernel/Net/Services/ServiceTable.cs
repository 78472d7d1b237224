using System.Collections.Generic;
using HaukiOS.Hardware;

namespace HaukiOS.Net.Services;

/// <summary>The services that run in the background, by their ports.</summary>
public sealed class ServiceTable
{
    /// <summary>Services at the same time: more than there are kinds.</summary>
    public const int ServiceMax = 16;

    private readonly List<NetService> services = new(ServiceMax);

    /// <summary>How many there are.</summary>
    public int Count => services.Count;

    /// <summary>Number <paramref name="index"/> of <see cref="Count"/>, in the order of their start.</summary>
    public NetService this[int index] => services[index];

    /// <summary>Starts one.</summary>
    public SocketError Start(NetService service, NetworkStack stack, ushort port)
    {
        if (services.Count == ServiceMax)
        {
            return SocketError.TooManySockets;
        }

        SocketError error = service.Start(stack, port);
        if (error == SocketError.None)
        {
            services.Add(service);
        }

        return error;
    }

    /// <summary>Ends the one at a port.</summary>
    /// <returns>False if there is none.</returns>
    public bool Stop(ushort port, Instant now)
    {
        for (int i = 0; i < services.Count; i++)
        {
            if (services[i].Port == port)
            {
                services[i].Stop(now);
                services.RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    /// <summary>Time has passed.</summary>
    public void OnBeat(Instant now)
    {
        foreach (NetService service in services)
        {
            service.OnBeat(now);
        }
    }
}
