# HaukiOS from a terminal. `make help` lists the verbs; build.ps1 offers the same ones.

CONFIGURATION ?= Release
BUILD := dotnet build -c $(CONFIGURATION) -nologo -tl:off -v:minimal
HAUKI := dotnet run --project Host -c $(CONFIGURATION) --no-build --
TOOL := dotnet Iso/Build/bin/$(CONFIGURATION)/net10.0/HaukiOS.Build.dll

# What the Debian packages are for: assembler; boot loader; ISO; the machine; the second opinion; the debugger;
# networks of real Linux as peers of the machine, and the programs that try it there; a DHCP server among them.
PACKAGES := nasm grub-common grub-pc-bin xorriso qemu-system-x86 bochs bochs-term bochsbios vgabios gdb \
  iproute2 iputils-ping arping iperf3 nmap tcpdump udhcpd

.PHONY: help deps build iso run test bench soak teleport debug clean sdk
.DEFAULT_GOAL := build

help:
	@echo "make [build]           everything: kernel, ISO, host tools, tests"
	@echo "make iso               Iso/bin/hauki.iso, and hauki.elf beside it"
	@echo "make run               boots the ISO in QEMU, its serial port on this terminal"
	@echo "make test              builds everything and runs every test"
	@echo "make bench [ONLY=x]    measures it against Linux: boot, argon2, tcp-receive, tcp-send, ping;"
	@echo "                       tracking (against the same kernel without);"
	@echo "                       and against QEMU: teleport-downtime, -total, -bytes, -throughput"
	@echo "make soak [ONLY=x]     hours of work in bounded form, memory flat: alloc, put, net, net-fuzz, net-sim, moves"
	@echo "make teleport          a node moves between two machines while a Linux speaks with it (root)"
	@echo "make debug             boots in QEMU and waits for gdb"
	@echo "make deps              installs missing Debian packages (as root), or names them"
	@echo "make clean             removes what was built; the disk image stays"

sdk:
	@dotnet --list-sdks 2>/dev/null | grep -q '^10\.' || { \
	  echo "HaukiOS needs the .NET 10 SDK, and 'dotnet' is not here or older: https://dotnet.microsoft.com/download"; \
	  exit 1; }

deps: sdk
	@missing=; for p in $(PACKAGES); do \
	  dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$p"; done; \
	if [ -z "$$missing" ]; then exit 0; \
	elif [ "$$(id -u)" = 0 ]; then \
	  echo "installing$$missing"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	else echo "missing packages; as root: apt-get install$$missing"; exit 1; fi

build: deps
	@$(BUILD) HaukiOS.sln

iso: deps
	@$(BUILD) Iso/HaukiOS.Image.csproj

run: iso
	@$(BUILD) Host -v:quiet
	@$(HAUKI) run

debug: iso
	@$(BUILD) Host -v:quiet
	@$(HAUKI) debug

bench: iso
	@$(BUILD) Host -v:quiet
	@$(HAUKI) bench $(ONLY)

soak: iso
	@$(BUILD) Host -v:quiet
	@$(HAUKI) soak $(ONLY)

teleport: iso
	@$(BUILD) Host -v:quiet
	@$(HAUKI) teleport

test: build
	@$(TOOL) test --project Kernel.Tests --configuration $(CONFIGURATION) $(if $(ONLY),--only $(ONLY))

clean:
	@find . \( -name bin -o -name obj \) -type d -prune ! -path './.git/*' -print | while read -r d; do \
	  find "$$d" -mindepth 1 ! -name disk.img -delete 2>/dev/null; rmdir "$$d" 2>/dev/null; done; true
