//go:build !purego

#include "textflag.h"

// func xorNEON(dst, src *byte, n int, key uint32) (high uint32)
// The last 64 octets are loaded before anything is stored, and stored last.
TEXT ·xorNEON(SB), NOSPLIT, $0-36
	MOVD  dst+0(FP), R0
	MOVD  src+8(FP), R1
	MOVD  n+16(FP), R2
	MOVWU key+24(FP), R3
	VDUP  R3, V16.S4

	ADD  R1, R2, R4
	SUB  $64, R4
	VLD1 (R4), [V20.B16, V21.B16, V22.B16, V23.B16]
	LSL  $3, R2, R5       // RORW takes the count modulo 32
	RORW R5, R3, R5
	VDUP R5, V17.S4
	VEOR V17.B16, V20.B16, V20.B16
	VEOR V17.B16, V21.B16, V21.B16
	VEOR V17.B16, V22.B16, V22.B16
	VEOR V17.B16, V23.B16, V23.B16
	VORR V20.B16, V21.B16, V24.B16 // all that is masked, by OR
	VORR V22.B16, V23.B16, V25.B16
	VORR V24.B16, V25.B16, V24.B16
	ADD  R0, R2, R6
	SUB  $64, R6

loop:
	CMP    R6, R0
	BHS    last
	VLD1.P 64(R1), [V0.B16, V1.B16, V2.B16, V3.B16]
	VEOR   V16.B16, V0.B16, V0.B16
	VEOR   V16.B16, V1.B16, V1.B16
	VEOR   V16.B16, V2.B16, V2.B16
	VEOR   V16.B16, V3.B16, V3.B16
	VORR   V0.B16, V1.B16, V25.B16
	VORR   V2.B16, V3.B16, V26.B16
	VORR   V25.B16, V24.B16, V24.B16
	VORR   V26.B16, V24.B16, V24.B16
	VST1.P [V0.B16, V1.B16, V2.B16, V3.B16], 64(R0)
	B      loop

last:
	VST1 [V20.B16, V21.B16, V22.B16, V23.B16], (R6)
	VMOV V24.D[0], R7
	VMOV V24.D[1], R8
	ORR  R8, R7, R7
	ORR  R7>>32, R7, R7
	AND  $0x80808080, R7, R7
	MOVW R7, high+32(FP)
	RET
