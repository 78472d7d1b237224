; The end of a machine's memory (Vanishing.cs). Runs with paging off, on a page of its own, where nothing that it wipes
; can be under its feet: registers only, no stack.
bits 32

global HaukiVanishStart, HaukiVanishEnd

; Vanishing.cs: on the page of this code.
RANGE_COUNT     equ 0x400           ; then pairs of words: first frame, number of frames
RANGES          equ 0x404
NO_GATES        equ 0x800           ; limit 0, address 0

FRAME           equ 4096
LOW_MEMORY      equ 0x0010_0000     ; the BIOS's; nothing of ours ever lies there
CR0_PAGING      equ 1 << 31
KEYBOARD_STATUS equ 0x64            ; 8042, as command port: pulse the reset line
PULSE_RESET     equ 0xFE
RESET_CONTROL   equ 0xCF9           ; PIIX3 and later (Intel 290550, section 2.5.1)
FULL_RESET      equ 0x06
RESET_PATIENCE  equ 0x0100_0000

section .text

; ECX = the page that this was copied to, at the same address with paging and without. Never returns.
vanish_start:
    cli
    cld
    clts
    lidt [ecx + NO_GATES]           ; from here on a fault is a reset, too
    mov eax, cr0
    and eax, ~CR0_PAGING
    mov cr0, eax
    jmp short .physical
.physical:
    xor eax, eax
    mov cr3, eax
    pxor xmm0, xmm0                 ; stays zero
    mov ebp, [ecx + RANGE_COUNT]
    lea esi, [ecx + RANGES]
.range:
    test ebp, ebp
    jz .reset
    mov edi, [esi]
    shl edi, 12
    mov edx, [esi + 4]
    add esi, 8
    dec ebp
.frame:
    cmp edi, ecx
    je .next
    cmp edi, LOW_MEMORY
    jb .next
    ; Only what holds something: a frame that was never used may not even have memory behind it in an emulator, and
    ; would get some by being written to.
    pxor xmm1, xmm1
    mov eax, FRAME - 64
.look:
    por xmm1, [edi + eax]
    por xmm1, [edi + eax + 16]
    por xmm1, [edi + eax + 32]
    por xmm1, [edi + eax + 48]
    sub eax, 64
    jns .look
    pcmpeqb xmm1, xmm0
    pmovmskb eax, xmm1
    cmp eax, 0xFFFF
    je .next
    mov eax, FRAME - 64
.wipe:
    movaps [edi + eax], xmm0
    movaps [edi + eax + 16], xmm0
    movaps [edi + eax + 32], xmm0
    movaps [edi + eax + 48], xmm0
    sub eax, 64
    jns .wipe
.next:
    add edi, FRAME
    dec edx
    jnz .frame
    jmp .range
.reset:
    mov al, PULSE_RESET
    out KEYBOARD_STATUS, al
    mov ebx, RESET_PATIENCE
.wait:
    pause
    dec ebx
    jnz .wait
    mov edx, RESET_CONTROL
    mov al, FULL_RESET
    out dx, al
    int3                            ; no gate: the processor shuts down, which resets a PC
.stop:
    hlt
    jmp .stop
vanish_end:

HaukiVanishStart:
    mov eax, vanish_start
    ret

HaukiVanishEnd:
    mov eax, vanish_end
    ret
